/**
 * POST /bot as it is asked: headers in whatever case, the body bare or in its envelope. What cannot be understood is
 * answered as Pipecat's base image does. Repeats nothing of a body, for bodies hold tokens.
 */
import { isMapping } from '../../base/read-json.ts';
import type { RoomHeaders } from './session-order.ts';

export type BotHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Where a body is no JSON object, `body` is undefined and `refusal` is the answer. */
export type ReadBody = { readonly body: Readonly<Record<string, unknown>> } | { readonly refusal: { readonly status: 400 | 422; readonly detail: unknown } };

type Json = Readonly<Record<string, unknown>>;

export function readBotBody(text: string, headers: BotHeaders): ReadBody {
  if (text.trim() === '') return unprocessable('missing', 'Field required');
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(headerOf(headers, 'content-type') ?? '')) return unprocessable('dict_type', 'Input should be a valid dictionary');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unprocessable('json_invalid', 'JSON decode error');
  }
  if (!isMapping(value)) return unprocessable('dict_type', 'Input should be a valid dictionary');
  const envelope = headerOf(headers, 'x-pcc-start-envelope');
  return envelope === undefined ? { body: value } : unwrapped(value, envelope);
}

/** `{ body, flow_config }`: the second is for whoever understands it. */
function unwrapped(value: Json, envelope: string): ReadBody {
  const bad = (detail: string): ReadBody => ({ refusal: { status: 400, detail } });
  if (envelope.trim() !== '1') return bad('X-Pcc-Start-Envelope: only version 1 is known');
  const { body, flow_config: flowConfig } = value;
  if (typeof flowConfig !== 'string') return bad('the start envelope needs flow_config, a text');
  if (body === undefined) return bad('the start envelope needs body');
  if (body !== null && !isMapping(body)) return bad('the body in the start envelope is no object');
  return { body: body ?? {} };
}

/** The room counts only with both of its headers. */
export function roomOf(headers: BotHeaders): RoomHeaders | undefined {
  const url = headerOf(headers, 'x-daily-room-url');
  const token = headerOf(headers, 'x-daily-room-token');
  return url !== undefined && token !== undefined ? { url, token } : undefined;
}

export function sessionIdOf(headers: BotHeaders): string | null {
  // It stands in every line of the log.
  return headerOf(headers, 'x-daily-session-id')?.replace(/[^\x21-\x7e]/g, '').slice(0, 100) || null;
}

/** Undefined where nothing that makes sense is said. */
export function budgetSecsOf(headers: BotHeaders): number | undefined {
  const text = headerOf(headers, 'x-pcc-max-session-seconds')?.trim() ?? '';
  const secs = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  return secs > 0 && Number.isFinite(secs) ? secs : undefined;
}

function headerOf(headers: BotHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = typeof value === 'object' ? value[0] : value;
  return text === undefined || text === '' ? undefined : text;
}

function unprocessable(type: string, msg: string): ReadBody {
  return { refusal: { status: 422, detail: [{ type, loc: ['body'], msg }] } };
}
