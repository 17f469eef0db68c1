/** What runs held against what shall run, setting by setting. Reads what Pipecat Cloud tells of an agent; asks nobody. */
import type { AgentDetails } from '../api/agent-answers.ts';
import type { SentSettings } from './deploy-settings.ts';
import { readImageName } from './image-name.ts';

/** `now` and `next` are undefined where nothing is known or said; what the request leaves out has no row. */
export type DiffRow = { readonly setting: string; readonly now: string | undefined; readonly next: string; readonly changes: boolean };

/** The request as far as it is known before the image is built. */
export type PlannedRequest = SentSettings & { readonly image?: string; readonly buildId?: string };

export function diffOf(request: PlannedRequest, running: AgentDetails | undefined): readonly DiffRow[] {
  const spec = running?.deployment?.manifest?.spec;
  const scaling = running?.autoScaling ?? spec?.autoScaling;
  const { autoScaling, krispViva, resources } = request;
  const rows: readonly (readonly [string, unknown, unknown])[] = [
    // Of what Pipecat Cloud built itself it hides the name.
    ['image', request.image, spec?.image !== undefined && readImageName(spec.image) ? spec.image : undefined],
    ['build', request.buildId, spec?.buildId],
    ['profile', request.agentProfile, running?.agentProfile],
    ['cpu', resources?.cpu, spec?.resources?.cpu],
    ['memory', resources?.memory, spec?.resources?.memory],
    ['least agents', autoScaling?.minAgents, scaling?.minReplicas],
    ['most agents', autoScaling?.maxAgents, scaling?.maxReplicas],
    ['secret set', request.secretSet, spec?.envFromSecretNames?.join(', ')],
    ['pull secret', request.imagePullSecretSet, spec?.imagePullSecretName],
    ['session limit', seconds(request.maxSessionDuration), seconds(spec?.maxSessionDurationSeconds)],
    ['noise filter', krispViva?.audioFilter, running?.krispViva?.audioFilter],
    ['websocket access', request.websocketAuth, undefined],
  ];
  return rows.flatMap(([setting, next, now]) => {
    if (next === undefined || next === null) return [];
    const told = now === undefined ? undefined : String(now);
    return [{ setting, now: told, next: String(next), changes: told !== String(next) }];
  });
}

/** One line per row: `least agents  2 -> 0`, and what stays as it is. */
export function diffLines(rows: readonly DiffRow[], isNew: boolean): readonly string[] {
  const width = Math.max(...rows.map(({ setting }) => setting.length));
  return rows.map(({ setting, now, next, changes }) => {
    const value = isNew ? next : !changes ? `${next} (as it is)` : `${now ?? 'not known'} -> ${next}`;
    return `  ${setting.padEnd(width)}  ${value}`;
  });
}

function seconds(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value} s`;
}
