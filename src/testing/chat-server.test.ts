import { expect, test } from 'vitest';
import { openChatServer } from './chat-server.ts';

test('what is no chat request is refused, and the server lives on', async () => {
  const server = await openChatServer((turn) => turn.answer('Hello.'));
  const statusOf = async (body: string | FormData): Promise<number> => (await fetch(`${server.baseUrl}/chat/completions`, { method: 'POST', body })).status;
  const upload = new FormData();
  upload.set('file', new Blob(['sound']), 'speech.wav');
  expect(await statusOf(upload)).toBe(400);
  expect(await statusOf('null')).toBe(400);
  expect(await statusOf('{"stream":true}')).toBe(400);
  expect(await statusOf('{"stream":true,"messages":[]}')).toBe(200);
  await server.close();
});
