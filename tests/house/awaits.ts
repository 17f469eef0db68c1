/**
 * The awaits rule: whatever the core waits for is a wait of the clock, another part of the core, or a port whose
 * contract says that its waits are clock waits. So a promise from anywhere else may not even be obtained in the
 * core, awaited or not; the one place for it is the argument of `clock.hold`, which charges it to call time.
 */
import {
  isAwaitExpression,
  isBinaryExpression,
  isCallExpression,
  isConditionalExpression,
  isForOfStatement,
  isIdentifier,
  isNewExpression,
  isParenthesizedExpression,
  isPropertyAccessExpression,
  type CallExpression,
  type NewExpression,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { type Type } from 'typescript/unstable/sync';
import { type Fault, type HouseFile, type HouseProgram, placeOf, walk } from './program.ts';

const CORE = /^src\/(clock|room|pipeline|run)\//;

/** Declarations without a body that the core may wait for: their contracts promise waits in call time. */
const PORTS = ['src/pipeline/end-of-turn.ts', 'src/pipeline/llm.ts', 'src/pipeline/tts.ts', 'src/room/room.ts', 'src/room/stt.ts', 'src/run/conversation.ts'];

/** The clock is where outside promises and wall time are turned into call time, so it alone may touch them. */
const CLOCK = /^src\/clock\//;
const WALL_CLOCK = 'src/clock/wall-clock.ts';

/** What a promise offers for going on with promises that were checked where they were obtained. */
const COMBINATORS = ['then', 'catch', 'finally', 'all', 'allSettled'];

export function foreignWaits(program: HouseProgram): Fault[] {
  const waits = waitTypes(program);
  return program.files
    .filter(({ path }) => CORE.test(path) && path !== WALL_CLOCK && !/\.test\.tsx?$/.test(path))
    .flatMap((file) => {
      const faults: Fault[] = [];
      const blame = (node: Node, why: string): void =>
        void faults.push(`${placeOf(file, node)}: the core may not wait for \`${node.getText(file.source)}\`: ${why}`);
      const { calls, operands } = collect(file);
      const sources = waits(calls);
      for (const [i, call] of calls.entries()) {
        const why = sources[i] ? whyForeign(program, file, call) : undefined;
        if (why) blame(call, why);
      }
      for (const operand of operands) {
        const why = whyUnknown(program, file, operand);
        if (why) blame(operand, why);
      }
      return faults;
    });
}

type Call = CallExpression | NewExpression;

/** All calls of a file outside of `clock.hold(...)`, and what is awaited without being a call. */
function collect(file: HouseFile): { readonly calls: readonly Call[]; readonly operands: readonly Node[] } {
  const calls: Call[] = [];
  const operands: Node[] = [];
  walk(file.source, (node) => {
    if (isCallExpression(node) || isNewExpression(node)) calls.push(node);
    if (isAwaitExpression(node)) operands.push(...namesIn(node.expression));
    if (isForOfStatement(node) && node.awaitModifier) operands.push(...namesIn(node.expression));
    return isCallExpression(node) && isPropertyAccessExpression(node.expression) && node.expression.name.text === 'hold' ? 'skip' : undefined;
  });
  return { calls, operands };
}

/** The identifiers and properties that an awaited expression may turn out to be; calls are judged on their own. */
function namesIn(expression: Node): Node[] {
  if (isParenthesizedExpression(expression)) return namesIn(expression.expression);
  if (isConditionalExpression(expression)) return [...namesIn(expression.whenTrue), ...namesIn(expression.whenFalse)];
  if (isBinaryExpression(expression)) return [...namesIn(expression.left), ...namesIn(expression.right)];
  return isCallExpression(expression) || isNewExpression(expression) ? [] : [expression];
}

/** Tells which calls give something that can be waited for: a promise or an async iterable. */
function waitTypes({ checker }: HouseProgram): (calls: readonly Call[]) => boolean[] {
  const known = new Map<number, boolean>();
  const isWait = (type: Type): boolean => {
    const alternatives = type.isUnionType() ? (type.getTypes() ?? []) : [type];
    return alternatives.some((alternative) =>
      checker.getPropertiesOfType(alternative).some(({ name }) => name === 'then' || name.startsWith('__@asyncIterator')),
    );
  };
  return (calls) =>
    checker.getTypeAtLocation(calls).map((type) => {
      if (!type) return false;
      const answer = known.get(type.id) ?? isWait(type);
      known.set(type.id, answer);
      return answer;
    });
}

function whyForeign(program: HouseProgram, file: HouseFile, call: Call): string | undefined {
  if (call.expression.kind === SyntaxKind.ImportKeyword) return 'it loads a module';
  const name = isPropertyAccessExpression(call.expression) ? call.expression.name.text : undefined;
  const declaration = program.checker.getResolvedSignature(call)?.declaration;
  const path = declaration && program.pathOf(declaration.path);
  if (path === undefined) {
    if (isCallExpression(call) && name && COMBINATORS.includes(name)) return undefined;
    return CLOCK.test(file.path) && isNewExpression(call) ? undefined : 'it is declared outside of the core';
  }
  if (CLOCK.test(file.path) && CLOCK.test(path)) return undefined;
  if (!CORE.test(path) || path === WALL_CLOCK) return `it is declared in ${path}, outside of the core`;
  if (CLOCK.test(path) || PORTS.includes(path) || hasBody(declaration?.kind)) return undefined;
  return `${path} only declares it; a port that the core waits for is listed in tests/house/awaits.ts`;
}

function hasBody(kind: SyntaxKind | undefined): boolean {
  switch (kind) {
    case SyntaxKind.FunctionDeclaration:
    case SyntaxKind.FunctionExpression:
    case SyntaxKind.ArrowFunction:
    case SyntaxKind.MethodDeclaration:
      return true;
    default:
      return false;
  }
}

/** A variable or field of the core got its promise from a call that was judged; a parameter may bring any. */
function whyUnknown(program: HouseProgram, file: HouseFile, operand: Node): string | undefined {
  if (CLOCK.test(file.path)) return undefined;
  const name = isPropertyAccessExpression(operand) ? operand.name : isIdentifier(operand) ? operand : undefined;
  const declaration = name && program.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (declaration && CORE.test(program.pathOf(declaration.path) ?? '')) {
    if (declaration.kind === SyntaxKind.VariableDeclaration || declaration.kind === SyntaxKind.PropertyDeclaration) return undefined;
  }
  return 'nobody can tell where its promise comes from';
}
