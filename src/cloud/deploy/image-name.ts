/** The name of a container image, taken apart as registries and container engines read it. Asks nobody. */

export type ImageName = {
  /** As the name says it, with its port; of Docker Hub, which names leave out, `docker.io`. */
  readonly host: string;
  /** `acme/bottalk`; of Docker Hub's own images `library/node`. */
  readonly repository: string;
  /** `latest` where the name has neither tag nor digest. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
};

const HUB = 'docker.io';
const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const HOST = /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9a-fA-F:]+\])(?::\d+)?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Undefined if nothing can have this name. */
export function readImageName(name: string): ImageName | undefined {
  const [withTag = '', digest, ...more] = name.split('@');
  const tagStart = withTag.indexOf(':', withTag.lastIndexOf('/') + 1);
  const path = tagStart === -1 ? withTag : withTag.slice(0, tagStart);
  const tag = tagStart === -1 ? undefined : withTag.slice(tagStart + 1);
  const [first = '', ...rest] = path.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const host = hasHost ? first : HUB;
  const short = hasHost ? rest.join('/') : path;
  const repository = host === HUB && !short.includes('/') ? `library/${short}` : short;
  const isReference = more.length === 0 && (tag === undefined || TAG.test(tag)) && (digest === undefined || DIGEST.test(digest));
  if (!isReference || !HOST.test(host) || !REPOSITORY.test(repository)) return undefined;
  return { host, repository, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest };
}

/** Whether the name leaves the choice of an image to whoever pushes next. */
export function isMutable({ tag, digest }: ImageName): boolean {
  return digest === undefined && tag !== undefined && MOVING_TAG.test(tag);
}

/** Tags that by custom follow what is newest: latest, main, dev, or a version that is not spelt out. */
const MOVING_TAG = /^(latest|main|master|dev|develop|edge|nightly|stable|prod|production|staging|v?\d+(\.\d+)?)$/;
