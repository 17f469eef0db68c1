/**
 * Takes out of a node_modules folder what a container never loads: types, source maps, and binaries for other machines.
 * Every megabyte is pulled before a cold start is over. `node scripts/prune-packages.ts <folder> <arm64|amd64>`
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Node's names of what container engines call arm64 and amd64. */
const ARCHITECTURES: Readonly<Record<string, string>> = { arm64: 'arm64', amd64: 'x64' };
const NEVER_LOADED = /\.(d\.[cm]?ts|map|tsbuildinfo|bare)$/;

export function prunePackages(folder: string, architecture: string): void {
  const kept = ARCHITECTURES[architecture];
  if (kept === undefined) throw new Error(`expected arm64 or amd64, got ${JSON.stringify(architecture)}`);
  // Commands of packages, and the link to the workspace that brings Node into a checkout.
  for (const name of ['.bin', '.cache', '.package-lock.json', 'node24']) rmSync(join(folder, name), { recursive: true, force: true });
  pruneRuntime(join(folder, 'onnxruntime-node/bin'), kept);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && NEVER_LOADED.test(entry.name)) rmSync(join(entry.parentPath, entry.name));
  }
}

/** bin/napi-v6/linux/arm64/… */
function pruneRuntime(bin: string, kept: string): void {
  for (const version of readdirSync(bin)) {
    for (const system of readdirSync(join(bin, version))) {
      for (const architecture of readdirSync(join(bin, version, system))) {
        if (system !== 'linux' || architecture !== kept) rmSync(join(bin, version, system, architecture), { recursive: true });
      }
    }
  }
}

const [, script, folder, architecture] = process.argv;
if (script === import.meta.filename) prunePackages(folder ?? 'node_modules', architecture ?? '');
