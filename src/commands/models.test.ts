import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../base/errors.ts';
import { openSmartTurn } from '../compose/models.ts';
import { tinyTurnModel } from '../testing/tiny-turn-model.ts';
import { registerModels } from './models.ts';

let folder: string;
let server: Server;
let body: Uint8Array;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-models-'));
  process.env['BOTTALK_CACHE_DIR'] = folder;
  body = tinyTurnModel();
  server = createServer((_, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  delete process.env['BOTTALK_CACHE_DIR'];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Runs one command line and returns what it printed. */
async function run(...argv: string[]): Promise<string> {
  let printed = '';
  const program = new Command('bottalk')
    .exitOverride()
    .configureOutput({ writeOut: (text) => (printed += text), writeErr: () => {} });
  registerModels(program);
  await program.parseAsync(['models', ...argv], { from: 'user' });
  return printed;
}

const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights`;

describe('models pull', () => {
  it('brings in weights that runs can use from then on', async () => {
    expect(openSmartTurn(join(folder, 'models'))).toBeUndefined();
    const printed = await run('pull', 'smart-turn', '--url', address());
    expect(printed).toMatch(/^smart-turn: 0\.0 MB from http:/);
    expect(printed).toMatch(/sha256 [0-9a-f]{64}, computed here, because nobody announced one/);
    const model = openSmartTurn(join(folder, 'models'));
    expect(model?.probability(new Int16Array(16_000).fill(100))).toBeGreaterThan(0);
    model?.close();
  });

  it('takes them from a file', async () => {
    const file = join(folder, 'mine.onnx');
    writeFileSync(file, body);
    expect(await run('pull', 'smart-turn', '--from', file)).toContain(`from ${file}`);
  });

  it('refuses a file that is no such model, as the mistake of whoever named it', async () => {
    const file = join(folder, 'page.html');
    writeFileSync(file, '<html>');
    await expect(run('pull', 'smart-turn', '--from', file)).rejects.toThrow(UsageError);
    writeFileSync(file, tinyTurnModel('audio'));
    await expect(run('pull', 'smart-turn', '--from', file)).rejects.toThrow(/page\.html: this is not a Smart Turn v3 model/);
    expect(await run('list')).toContain('not pulled');
  });

  it('refuses a page that a host sent instead of weights', async () => {
    body = new TextEncoder().encode('<html>please log in</html>');
    await expect(run('pull', 'smart-turn', '--url', address())).rejects.toMatchObject({ name: 'ProviderError', kind: 'unsupported' });
  });

  it('names the model that was meant', async () => {
    await expect(run('pull', 'smart_turns')).rejects.toThrow('did you mean smart-turn?');
    await expect(run('pull', 'whisper')).rejects.toThrow('there is: smart-turn');
  });
});

describe('models list', () => {
  it('says what is there', async () => {
    expect(await run('list')).toMatch(/^smart-turn +not pulled +Smart Turn v3\.2/);
    await run('pull', 'smart-turn', '--url', address());
    expect(await run('list')).toMatch(/pulled, checksum holds[^]*smart-turn-v3\.2-cpu\.onnx/);
    const [row] = JSON.parse(await run('list', '--json')) as Record<string, unknown>[];
    expect(row).toMatchObject({ name: 'smart-turn', state: 'sound', announced: false, bytes: body.length });
  });

  it('says what is damaged', async () => {
    await run('pull', 'smart-turn', '--url', address());
    writeFileSync(join(folder, 'models', 'smart-turn-v3.2-cpu.onnx'), 'scribble');
    expect(await run('list')).toContain('damaged: pull it again');
  });
});
