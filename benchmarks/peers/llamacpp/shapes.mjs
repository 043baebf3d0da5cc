// What is compared: Llama shapes with random weights, on which speed does not depend.

export const shapes = {
  '1b': { title: '1.1B', source: 'synthetic:llama-1b', hidden: 2048, layers: 22, feedForward: 5632, heads: 32, keyValueHeads: 4, vocabulary: 32000 },
  '7b': { title: '7B', source: 'synthetic:llama-7b', hidden: 4096, layers: 32, feedForward: 11008, heads: 32, keyValueHeads: 32, vocabulary: 32000 },
};

// Block sizes of our weights; llama.cpp's Q4_0 always has blocks of 32.
export const contests = [
  { shape: '1b', block: 32 },
  { shape: '1b', block: 128 },
  { shape: '7b', block: 128 },
];
