import { expect, test } from 'vitest';
import { parse } from 'smol-toml';
import { tomlPlaces } from './toml-places.ts';

const TEXT = `# a comment with = and [brackets]
agent_name = "bottalk" # and another
"image" = 'registry.example/bottalk:1'
krisp_viva.audio_filter = "tel"

[scaling]
min_agents = 2
max_agents=50

[build.exclude]
patterns = [
  "a,]#", # why
  'b',
]
[docker]
registry = { name = "x", deep = { er = """
several
[lines] = 1
""" } }
`;

test('every key and value is found where it stands', () => {
  parse(TEXT);
  const lineAt = (offset: number): string => TEXT.slice(offset).split('\n', 1)[0] ?? '';
  const places = [...tomlPlaces(TEXT)].map(([path, { keyStart, valueStart }]) => [path, lineAt(keyStart), lineAt(valueStart)]);
  expect(places).toEqual([
    ['agent_name', 'agent_name = "bottalk" # and another', '"bottalk" # and another'],
    ['image', `"image" = 'registry.example/bottalk:1'`, `'registry.example/bottalk:1'`],
    ['krisp_viva', 'krisp_viva.audio_filter = "tel"', 'krisp_viva.audio_filter = "tel"'],
    ['krisp_viva.audio_filter', 'krisp_viva.audio_filter = "tel"', '"tel"'],
    ['scaling', '[scaling]', '[scaling]'],
    ['scaling.min_agents', 'min_agents = 2', '2'],
    ['scaling.max_agents', 'max_agents=50', '50'],
    ['build', '[build.exclude]', '[build.exclude]'],
    ['build.exclude', '[build.exclude]', '[build.exclude]'],
    ['build.exclude.patterns', 'patterns = [', '['],
    ['build.exclude.patterns.0', '"a,]#", # why', '"a,]#", # why'],
    ['build.exclude.patterns.1', "'b',", "'b',"],
    ['docker', '[docker]', '[docker]'],
    ['docker.registry', 'registry = { name = "x", deep = { er = """', '{ name = "x", deep = { er = """'],
    ['docker.registry.name', 'name = "x", deep = { er = """', '"x", deep = { er = """'],
    ['docker.registry.deep', 'deep = { er = """', '{ er = """'],
    ['docker.registry.deep.er', 'er = """', '"""'],
  ]);
});

test.each(['', '\n\n', 'a = 1', '[a]', 'a = [\n]', "a = ''''quoted''''\nb = 1"])('it comes to an end of %j', (text) => {
  const places = tomlPlaces(text);
  for (const key of Object.keys(parse(text))) expect(places.has(key)).toBe(true);
});
