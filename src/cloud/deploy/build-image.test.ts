import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeployBench, type Deployed, type DeployRun } from '../../testing/deploy-bench.ts';
import { packContext } from './build-context.ts';

let bench: DeployBench;
let folder: string;
beforeEach(async () => {
  bench = await DeployBench.open();
  ({ folder } = bench);
  await bench.write('agent_name = "sales"\nsecret_set = "bottalk-secrets"\n');
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\n');
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'src/agent.js'), 'agent');
  await writeFile(join(folder, '.env.local'), 'PCC_DEPLOY_IMAGE=\n');
});
afterEach(() => bench.close());

describe('a build in the cloud', () => {
  const build = (run: DeployRun = {}): Promise<Deployed> => bench.run({ cloudBuild: true, ...run });

  test('packs, uploads and builds the folder, and deploys what came of it', async () => {
    const { exitCode, output, errors } = await build();
    expect(exitCode).toBe(0);
    const [made] = [...bench.cloud.builds.all.values()];
    expect(output).toContain(`built ${made?.id}`);
    expect(output).toContainEqual(expect.stringMatching(/^packed 3 files, 0\.0 MB \(0\.0 MB to upload, hash [0-9a-f]{16}\)$/));
    expect(errors).toContain('building in the cloud: building');
    const body = { serviceName: 'sales', region: 'us-west', secretSet: 'bottalk-secrets', buildId: made?.id };
    expect(bench.posted).toEqual([{ line: 'POST /agents', body }]);
    const [archive] = [...bench.cloud.builds.uploads.values()];
    expect(await filesIn(archive ?? Buffer.alloc(0))).toEqual(['Dockerfile', 'pcc-deploy.toml', 'src/agent.js']);
  });

  test('of the same files as before is not made again', async () => {
    await build();
    const { exitCode, output } = await build();
    expect(exitCode).toBe(0);
    expect(bench.cloud.builds.all.size).toBe(1);
    expect(output).toContainEqual(expect.stringMatching(/^build \S+ was made of the same files$/));
  });

  test('that fails ends with its last lines, and nothing is deployed', async () => {
    bench.cloud.builds.endsAs = 'failed';
    const { exitCode, output } = await build();
    expect(exitCode).toBe(1);
    const from = output.indexOf('the deployment of sales failed:');
    expect(output.slice(from + 1)).toEqual([
      expect.stringMatching(/^ {2}build \S+ failed: npm error code 1$/),
      'its last lines:',
      '  #1 load build definition',
      '  #2 COPY . .',
      '  npm error code 1',
      'more: bottalk status sales, bottalk logs sales',
    ]);
    expect(bench.posted).toEqual([]);
  });

  test('of a folder without a Dockerfile is refused', async () => {
    await bench.write('[build]\ndockerfile = "Dockerfile.agent"\n');
    const { exitCode, errors } = await build();
    expect(exitCode).toBe(2);
    expect(errors.at(-1)).toBe(`there is no Dockerfile.agent in ${folder}/. (build.dockerfile in the deploy file names another)`);
  });

  test('that takes too long is given up', async () => {
    const { exitCode, errors } = await build({ world: { times: { buildMs: 4_000 } } });
    expect(exitCode).toBe(3);
    expect(errors.at(-1)).toMatch(/^pipecat-cloud: build \S+ is not done after/);
  });
});

describe('a packed folder', () => {
  test('is the same bytes for the same files, whenever they were written', async () => {
    const pack = (): Promise<Uint8Array> => packContext({ folder, dockerfile: 'Dockerfile', excluded: [] }).then(({ archive }) => archive);
    const first = await pack();
    await writeFile(join(folder, 'src/agent.js'), 'agent');
    expect(Buffer.compare(await pack(), first)).toBe(0);
    await writeFile(join(folder, 'src/agent.js'), 'another');
    expect(Buffer.compare(await pack(), first)).not.toBe(0);
  });

  test('holds what .dockerignore leaves in, its Dockerfile, links and the right to run, and no keys', async () => {
    await writeFile(join(folder, '.dockerignore'), 'Dockerfile\n*.toml\nsrc\n!src/kept.js\n');
    await writeFile(join(folder, 'src/kept.js'), 'kept');
    await writeFile(join(folder, 'run.sh'), '#!/bin/sh');
    await chmod(join(folder, 'run.sh'), 0o755);
    await symlink('run.sh', join(folder, 'start.sh'));
    const { archive, files } = await packContext({ folder, dockerfile: 'Dockerfile', excluded: ['run.sh'] });
    expect(await filesIn(archive)).toEqual(['.dockerignore', 'Dockerfile', 'run.sh 755', 'src/kept.js', 'start.sh -> run.sh']);
    expect(files).toBe(5);
  });
});

describe('a folder that cannot be packed', () => {
  const pack = (): Promise<unknown> => packContext({ folder, dockerfile: 'Dockerfile', excluded: [] });
  const advice = '(leave it out with a .dockerignore, or let it be read)';

  // Names that are no UTF-8 reach nobody as they are; other file systems refuse to make them.
  test.runIf(process.platform === 'linux').each([
    ['a file', (path: Buffer) => writeFile(path, '')],
    ['a link', (path: Buffer) => symlink('Dockerfile', path)],
  ])('because %s in it cannot be read is told of with what to do', async (_, make) => {
    await make(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xe9)]));
    await expect(pack()).rejects.toThrow(`${folder}/\ufffd cannot be read (ENOENT) ${advice}`);
    await expect(pack()).rejects.toMatchObject({ name: 'UsageError' });
  });
});

describe('a build on this machine', () => {
  let bin: string;
  beforeEach(async () => {
    bin = await mkdtemp(join(tmpdir(), 'bottalk-docker-'));
  });
  afterEach(() => rm(bin, { recursive: true }));

  /** A stand-in for docker on the PATH that notes what it was told. */
  async function dockerThat(does: string): Promise<Readonly<Record<string, string>>> {
    await writeFile(join(bin, 'docker'), `#!/bin/sh\necho "$@ key=$PCC_PRIVATE_KEY config=$DOCKER_CONFIG" >>${bin}/told\n${does}\n`);
    await chmod(join(bin, 'docker'), 0o755);
    return { PATH: `${bin}:/usr/bin:/bin`, DOCKER_CONFIG: bin };
  }

  test('builds for arm64, pushes, and is looked at before it is deployed; docker is told no key', async () => {
    const env = await dockerThat('printf "\\033[36m#5 exporting\\n"');
    const { exitCode, errors, output } = await bench.run({ build: true, image: bench.image, env });
    expect(exitCode).toBe(0);
    expect(errors).toContain(`building ${bench.image}: #5 exporting`);
    expect(output).toContain(`image ${bench.image} is there for linux/arm64`);
    expect((await readFile(join(bin, 'told'), 'utf8')).split('\n')).toEqual([
      `buildx version key= config=${bin}`,
      `buildx build --platform linux/arm64 --progress plain --file ./Dockerfile --tag ${bench.image} --push . key= config=${bin}`,
      '',
    ]);
  });

  test('that fails ends with what docker said last', async () => {
    const env = await dockerThat('[ "$2" = version ] || { echo "npm error" >&2; exit 17; }');
    const { exitCode, output } = await bench.run({ build: true, image: bench.image, env });
    expect(exitCode).toBe(1);
    expect(output).toEqual(expect.arrayContaining(['  docker buildx failed (exit code 17)', 'its last lines:', '  npm error']));
    expect(bench.posted).toEqual([]);
  });

  test.each([
    ['this docker has no buildx', 'exit 1', {}],
    ['docker does not answer', 'exec sleep 1000', { checkMs: 20 }],
  ])('cannot begin when %s', async (why, does, times) => {
    const env = await dockerThat(does);
    const { exitCode, errors } = await bench.run({ build: true, image: bench.image, env, world: { times } });
    expect(exitCode).toBe(2);
    expect(errors).toEqual([`--build needs docker buildx, and ${why} (install it, or use --cloud-build)`]);
    expect(bench.cloud.requests).toEqual([]);
  });

  test('cannot begin without docker', async () => {
    const { exitCode, errors } = await bench.run({ build: true, image: bench.image, env: { PATH: bin } });
    expect(exitCode).toBe(2);
    expect(errors).toEqual(['--build needs docker buildx, and docker is not there (install it, or use --cloud-build)']);
  });

  test.each([
    [{ build: true }, '--build needs a name for the image (name it with --image)'],
    [{ build: true, cloudBuild: true }, '--build and --cloud-build are two ways to an image (keep one of them)'],
    [{ cloudBuild: true, image: 'a:1' }, '--image and --cloud-build are two images (keep one of them)'],
    [{ build: true, image: `a@sha256:${'0'.repeat(64)}` }, '--build cannot build the image of a digest (name it with a tag)'],
    [{ image: 'A B' }, '--image: no image can be named "A B"'],
  ])('flags that do not go together are refused: %j', async (flags, line) => {
    expect(await bench.run(flags)).toEqual({ exitCode: 2, output: [], errors: [line] });
  });
});

async function filesIn(archive: Uint8Array): Promise<readonly string[]> {
  const names: string[] = [];
  const unpacking = Readable.from([gunzipSync(archive)]).pipe(extract());
  for await (const entry of unpacking) {
    const { name, type, linkname, mode, uid, mtime } = entry.header;
    expect({ uid, mtimeMs: mtime?.getTime() }).toEqual({ uid: 0, mtimeMs: 0 });
    names.push(`${name}${type === 'symlink' ? ` -> ${linkname}` : ''}${mode === 0o755 ? ' 755' : ''}`);
    await text(entry);
  }
  return names;
}
