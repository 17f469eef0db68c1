/** A field with its label above it. */
import type { ComponentChildren, JSX } from 'preact';

type Props = { readonly id: string; readonly label: string; readonly mono?: boolean; readonly children: ComponentChildren };

export function Field({ id, label, mono = false, children }: Props): JSX.Element {
  return (
    <div class="field">
      <label for={id} class={mono ? 'mono' : ''}>
        {label}
      </label>
      {children}
    </div>
  );
}
