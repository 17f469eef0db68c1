/** What stands in the file beside the page: its document, and the sound of a call. Both are read once, the sound only when it is wanted. */
import type { SuiteDocument } from '../../metrics/pages/suite-document.ts';
import type { RunDocument } from '../../metrics/pages/run-document.ts';

export type PageDocument = RunDocument | SuiteDocument;

export function readDocument(): PageDocument {
  return JSON.parse(document.querySelector('#document')?.textContent ?? '') as PageDocument;
}

/** The address of the sound, as a player takes it; undefined where there is none. */
export function soundAddress(type: string): string | undefined {
  const element = document.querySelector('#sound');
  if (!element?.textContent) return undefined;
  const text = atob(element.textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  element.textContent = '';
  return URL.createObjectURL(new Blob([bytes], { type }));
}
