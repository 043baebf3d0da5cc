// Writes a Llama model with random Q4_0 weights as a GGUF file (version 3; format: ggml's docs/gguf.md).
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { randomFillSync } from 'node:crypto';

const Kind = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 };
const TensorType = { float32: 0, q4_0: 2 };
const Piece = { normal: 1, unknown: 2, control: 3, byte: 6 };
const alignment = 32, blockLength = 32, blockBytes = 18;

export function writeGguf(path, shape) {
  const part = `${path}.part`;
  const file = openSync(part, 'w');
  try {
    const tensors = describeTensors(shape);
    const header = encodeHeader(shape, tensors);
    writeSync(file, header);
    writeSync(file, Buffer.alloc(pad(header.length)));
    const random = randomBlocks(shape);
    for (const tensor of tensors) writeTensor(file, tensor, random);
  } finally {
    closeSync(file);
  }

  renameSync(part, path);
}

function describeTensors({ hidden, layers, feedForward, heads, keyValueHeads, vocabulary }) {
  const keyValues = hidden / heads * keyValueHeads;
  const matrix = (name, inputs, outputs) => ({ name, lengths: [inputs, outputs], type: TensorType.q4_0, bytes: inputs * outputs / blockLength * blockBytes });
  const vector = (name) => ({ name, lengths: [hidden], type: TensorType.float32, bytes: hidden * 4 });
  const tensors = [matrix('token_embd.weight', hidden, vocabulary), vector('output_norm.weight'), matrix('output.weight', hidden, vocabulary)];
  for (let layer = 0; layer < layers; layer++) {
    const name = (part) => `blk.${layer}.${part}.weight`;
    tensors.push(
      vector(name('attn_norm')), matrix(name('attn_q'), hidden, hidden), matrix(name('attn_k'), hidden, keyValues), matrix(name('attn_v'), hidden, keyValues), matrix(name('attn_output'), hidden, hidden),
      vector(name('ffn_norm')), matrix(name('ffn_gate'), hidden, feedForward), matrix(name('ffn_up'), hidden, feedForward), matrix(name('ffn_down'), feedForward, hidden));
  }

  return tensors;
}

function encodeHeader(shape, tensors) {
  const metadata = describeMetadata(shape);
  const parts = [Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(metadata.length)];
  for (const [key, kind, value] of metadata) parts.push(string(key), uint32(kind), value);
  let offset = 0;
  for (const { name, lengths, type, bytes } of tensors) {
    parts.push(string(name), uint32(lengths.length), ...lengths.map(uint64), uint32(type), uint64(offset));
    offset += bytes + pad(bytes);
  }

  return Buffer.concat(parts);
}

function describeMetadata({ hidden, layers, feedForward, heads, keyValueHeads, vocabulary }) {
  const whole = (key, value) => [key, Kind.uint32, uint32(value)];
  const real = (key, value) => [key, Kind.float32, float32(value)];
  const text = (key, value) => [key, Kind.string, string(value)];
  const list = (key, kind, items) => [key, Kind.array, Buffer.concat([uint32(kind), uint64(items.length), ...items])];
  const pieces = vocabularyPieces(vocabulary);
  return [
    text('general.architecture', 'llama'), text('general.name', 'random'), whole('general.file_type', 2), whole('general.alignment', alignment),
    whole('llama.context_length', 4096), whole('llama.embedding_length', hidden), whole('llama.block_count', layers), whole('llama.feed_forward_length', feedForward),
    whole('llama.attention.head_count', heads), whole('llama.attention.head_count_kv', keyValueHeads), real('llama.attention.layer_norm_rms_epsilon', 1e-5),
    whole('llama.rope.dimension_count', hidden / heads), real('llama.rope.freq_base', 10000), whole('llama.vocab_size', vocabulary),
    text('tokenizer.ggml.model', 'llama'),
    list('tokenizer.ggml.tokens', Kind.string, pieces.map((piece) => string(piece.text))),
    list('tokenizer.ggml.scores', Kind.float32, pieces.map((_, id) => float32(-id))),
    list('tokenizer.ggml.token_type', Kind.int32, pieces.map((piece) => uint32(piece.kind))),
    whole('tokenizer.ggml.bos_token_id', 1), whole('tokenizer.ggml.eos_token_id', 2),
  ];
}

// The loader wants a SentencePiece vocabulary; nobody encodes with it.
function vocabularyPieces(size) {
  const pieces = [{ text: '<unk>', kind: Piece.unknown }, { text: '<s>', kind: Piece.control }, { text: '</s>', kind: Piece.control }];
  for (let byte = 0; byte < 256; byte++) pieces.push({ text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, kind: Piece.byte });
  while (pieces.length < size) pieces.push({ text: `\u2581${pieces.length}`, kind: Piece.normal });
  return pieces;
}

// Small values keep the activations of many layers finite. The same few megabytes are written again and again.
function randomBlocks({ hidden }) {
  const blocks = randomFillSync(Buffer.alloc(blockBytes * 65536));
  const scale = half(0.1 / Math.sqrt(hidden));
  for (let at = 0; at < blocks.length; at += blockBytes) blocks.writeUInt16LE(scale | (blocks[at] & 1) << 15, at);
  return blocks;
}

function writeTensor(file, { type, bytes }, random) {
  if (type === TensorType.float32) {
    const ones = Buffer.alloc(bytes);
    for (let at = 0; at < bytes; at += 4) ones.writeFloatLE(1, at);
    writeSync(file, ones);
  } else {
    for (let left = bytes; left > 0;) left -= writeSync(file, random, 0, Math.min(left, random.length));
  }

  writeSync(file, Buffer.alloc(pad(bytes)));
}

function pad(length) {
  return (alignment - length % alignment) % alignment;
}

// Positive normal halves only.
function half(value) {
  const exponent = Math.floor(Math.log2(value));
  return (exponent + 15) << 10 | Math.round((value / 2 ** exponent - 1) * 1024) & 1023;
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function string(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}
