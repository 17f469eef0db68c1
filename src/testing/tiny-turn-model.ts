/**
 * A stand-in for Smart Turn's weights, written byte by byte as an ONNX file: the quieter the last 0.2 s of features,
 * the likelier the turn is complete. It proves the path from audio to verdict and says nothing about Smart Turn.
 */

/** An ONNX model of a few hundred bytes: `inputName` [batch, 80, 800] float32 to `logits` [batch, 1]. */
export function tinyTurnModel(inputName = 'input_features'): Uint8Array<ArrayBuffer> {
  const nodes = [
    node('Slice', [inputName, 'starts', 'ends', 'axes'], 'tail'),
    node('ReduceMean', ['tail'], 'mean', [ints('axes', [1, 2]), int('keepdims', 1)]),
    node('Flatten', ['mean'], 'flat', [int('axis', 1)]),
    node('Mul', ['flat', 'weight'], 'scaled'),
    node('Add', ['scaled', 'bias'], 'score'),
    node('Sigmoid', ['score'], 'logits'),
  ];
  const initializers = [
    int64Tensor('starts', -20),
    int64Tensor('ends', 800),
    int64Tensor('axes', 2),
    floatTensor('weight', -8),
    floatTensor('bias', 0),
  ];
  const graph = bytes([
    ...nodes.map((one) => field(1, one)),
    field(2, 'tiny-turn'),
    ...initializers.map((one) => field(5, one)),
    field(11, valueInfo(inputName, ['batch', 80, 800])),
    field(12, valueInfo('logits', ['batch', 1])),
  ]);
  const operatorSet = bytes([field(1, ''), field(2, 13)]);
  return bytes([field(1, 8), field(7, graph), field(8, operatorSet)]);
}

type Bytes = Uint8Array<ArrayBuffer>;

const FLOAT = 1;
const INT64 = 7;

function node(type: string, inputs: readonly string[], output: string, attributes: readonly Bytes[] = []): Bytes {
  return bytes([
    ...inputs.map((input) => field(1, input)),
    field(2, output),
    field(4, type),
    ...attributes.map((attribute) => field(5, attribute)),
  ]);
}

function int(name: string, value: number): Bytes {
  return bytes([field(1, name), field(3, value), field(20, 2)]);
}

function ints(name: string, values: readonly number[]): Bytes {
  return bytes([field(1, name), ...values.map((value) => field(8, value)), field(20, 7)]);
}

function int64Tensor(name: string, value: number): Bytes {
  const raw = new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
  return bytes([field(1, 1), field(2, INT64), field(8, name), field(9, raw)]);
}

function floatTensor(name: string, value: number): Bytes {
  return bytes([field(1, 1), field(2, FLOAT), field(8, name), field(9, new Uint8Array(Float32Array.of(value).buffer))]);
}

function valueInfo(name: string, shape: readonly (string | number)[]): Bytes {
  const dims = shape.map((size) => field(1, typeof size === 'string' ? field(2, size) : field(1, size)));
  const tensor = bytes([field(1, FLOAT), field(2, bytes(dims))]);
  return bytes([field(1, name), field(2, field(1, tensor))]);
}

/** One protobuf field: numbers as varints, text and messages with their length in front. */
function field(id: number, value: number | string | Bytes): Bytes {
  if (typeof value === 'number') return bytes([varint(id << 3), varint(value)]);
  const content = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return bytes([varint((id << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Bytes {
  const digits: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>= 7) digits.push((rest & 127) | 128);
  return Uint8Array.of(...digits, rest);
}

function bytes(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
