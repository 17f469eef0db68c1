/**
 * Takes out of a node_modules folder what a container never loads: types, source maps, and binaries for other machines.
 * Every megabyte is pulled before a cold start is over. `node scripts/prune-packages.ts <folder> <arm64|amd64>`
 */
import { readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Node's names of what container engines call arm64 and amd64. */
const ARCHITECTURES: Readonly<Record<string, string>> = { arm64: 'arm64', amd64: 'x64' };
/** Commands of packages, the link to the workspace that brings Node into a checkout, and what npm keeps for itself. */
const NOT_PACKAGES = /^(\.bin|\.cache|\.package-lock\.json|node24)(\/|$)/;
const NEVER_LOADED = /\.(d\.[cm]?ts|map|tsbuildinfo|bare)$/;

/** `path`: of a file, from the node_modules folder, with slashes. */
export function isLoaded(path: string, architecture: string): boolean {
  const kept = ARCHITECTURES[architecture];
  if (kept === undefined) throw new Error(`expected arm64 or amd64, got ${JSON.stringify(architecture)}`);
  const [, system, machine] = /^onnxruntime-node\/bin\/[^/]+\/([^/]+)\/([^/]+)\//.exec(path) ?? [];
  return !NOT_PACKAGES.test(path) && !NEVER_LOADED.test(path) && (system === undefined || (system === 'linux' && machine === kept));
}

function prune(folder: string, architecture: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !isLoaded(relative(folder, path).replaceAll(sep, '/'), architecture)) rmSync(path);
  }
}

const [, script, folder, architecture] = process.argv;
if (script === import.meta.filename) prune(folder ?? 'node_modules', architecture ?? '');
