/**
 * Two ways from a Dockerfile to an image: docker buildx on this machine, which pushes it, and Pipecat Cloud's own builder,
 * which keeps it. Both build for linux/arm64.
 */
import { ProviderError, UsageError } from '../../base/errors.ts';
import { PROVIDER, quotable } from '../api/cloud-error.ts';
import type { CloudBuild } from '../api/builds.ts';
import type { PipecatCloud } from '../api/pipecat-cloud.ts';
import { megabytes, packContext } from './build-context.ts';
import type { BuiltImage, ImageBuilder } from './deploy.ts';
import type { DeploySettings } from './deploy-settings.ts';
import { plainLine } from './plain-line.ts';
import { type ProgramEnd, type ProgramRun, runProgram } from './run-program.ts';

export type BuilderOptions = Omit<ProgramRun, 'timeoutMs' | 'onLine'> & {
  readonly cloud: PipecatCloud;
  readonly build: DeploySettings['build'];
  readonly times: BuildTimes;
  readonly doing: (text: string) => void;
  readonly said: (text: string) => void;
};

export type BuildTimes = { readonly checkMs: number; readonly buildMs: number; readonly pollMs: number };

export function imageBuilder(options: BuilderOptions): ImageBuilder {
  return {
    async check(source) {
      if (source.kind === 'buildx') await checkBuildx(options);
    },
    async build(source, region) {
      if (source.kind === 'buildx') return buildx(source.image, options);
      return cloudBuild(region, options);
    },
  };
}

async function checkBuildx(options: BuilderOptions): Promise<void> {
  const end = await runProgram('docker', ['buildx', 'version'], { ...options, timeoutMs: options.times.checkMs });
  if (end.kind === 'ended' && end.code === 0) return;
  const why = end.kind === 'missing' ? 'docker is not there' : end.kind === 'too-slow' ? 'docker does not answer' : 'this docker has no buildx';
  throw new UsageError(`--build needs docker buildx, and ${why}`, 'install it, or use --cloud-build');
}

async function buildx(image: string, options: BuilderOptions): Promise<BuiltImage> {
  const { build, times, doing } = options;
  doing(`building ${image}`);
  const file = `${build.contextFolder}/${build.dockerfile}`;
  const args = ['buildx', 'build', '--platform', 'linux/arm64', '--progress', 'plain', '--file', file, '--tag', image, '--push', build.contextFolder];
  const end = await runProgram('docker', args, { ...options, timeoutMs: times.buildMs, onLine: (line) => doing(`building ${image}: ${plainLine(line).slice(0, 100)}`) });
  if (end.kind === 'ended' && end.code === 0) return { kind: 'built', from: { image } };
  return { kind: 'failed', why: `docker buildx ${failureOf(end, times)}`, log: linesOf(end).map(plainLine) };
}

function failureOf(end: ProgramEnd, { buildMs }: BuildTimes): string {
  if (end.kind === 'missing') return 'could not be started';
  return end.kind === 'too-slow' ? `was not done after ${buildMs / 60_000} minutes` : `failed (exit code ${end.code})`;
}

function linesOf(end: ProgramEnd): readonly string[] {
  return end.kind === 'missing' ? [] : end.lastLines;
}

async function cloudBuild(region: string, options: BuilderOptions): Promise<BuiltImage> {
  const { cloud, signal, folder, build, doing, said } = options;
  doing(`packing ${build.contextFolder}`);
  const context = await packContext({ folder: `${folder}/${build.contextFolder}`, dockerfile: build.dockerfile, excluded: build.excluded });
  said(`packed ${context.files} files, ${megabytes(context.bytes)} (${megabytes(context.archive.length)} to upload, hash ${context.hash})`);
  // A hash alone may belong to another Dockerfile of the same folder.
  const before = await cloud.builds.list({ status: 'success', region, contextHash: context.hash }, signal);
  const same = before.find(({ status, dockerfilePath }) => status === 'success' && (dockerfilePath ?? 'Dockerfile') === build.dockerfile);
  if (same) {
    said(`build ${same.id} was made of the same files`);
    return { kind: 'built', from: { buildId: same.id } };
  }
  doing('uploading');
  const place = await cloud.builds.uploadPlace(region, signal);
  await cloud.builds.upload(place, context.archive, signal);
  const made = await cloud.builds.create({ uploadId: place.uploadId, region, dockerfilePath: build.dockerfile }, signal);
  return awaitBuild(made.build, options);
}

async function awaitBuild(first: CloudBuild, { cloud, wall, signal, times, doing, said }: BuilderOptions): Promise<BuiltImage> {
  const endMs = wall.nowMs() + times.buildMs;
  for (let build = first; ; build = await cloud.builds.get(first.id, signal)) {
    const { id, status, errorMessage, imageSizeBytes, buildDurationSeconds } = build;
    if (status === 'success') {
      const facts = [buildDurationSeconds === undefined ? undefined : `${buildDurationSeconds} s`, imageSizeBytes === undefined ? undefined : megabytes(imageSizeBytes)];
      said(`built ${id}${facts.some(Boolean) ? ` (${facts.filter(Boolean).join(', ')})` : ''}`);
      return { kind: 'built', from: { buildId: id } };
    }
    if (status === 'failed' || status === 'timeout') {
      const log = await cloud.builds.logs(id, 20, signal).catch((): readonly string[] => []);
      const why = quotable(errorMessage);
      return { kind: 'failed', why: `build ${id} ${status === 'failed' ? 'failed' : 'took too long'}${why === undefined ? '' : `: ${why}`}`, log: log.slice(-20).map(plainLine) };
    }
    if (wall.nowMs() + times.pollMs > endMs) throw new ProviderError(`build ${id} is not done after ${times.buildMs / 60_000} minutes`, { provider: PROVIDER, kind: 'timeout' });
    doing(`building in the cloud: ${quotable(status) ?? 'under way'}`);
    await wall.sleep(times.pollMs, signal);
  }
}
