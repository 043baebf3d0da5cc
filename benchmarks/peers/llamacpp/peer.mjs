// One process of llama.cpp: loads a model, answers once unmeasured, then as often as asked, and prints the figures of each answer as one line of JSON.
// Copied beside node_modules by compare.mjs. Arguments: MODEL PROMPT(comma-separated ids) NEW_TOKENS THREADS REPEATS
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

const [modelPath, promptText, newTokens, threads, repeats] = process.argv.slice(2);
const prompt = promptText.split(',').map(Number);
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: prompt.length + Number(newTokens) + 8, batchSize: prompt.length, threads: Number(threads) });
const sequence = context.getSequence();

const answers = [];
for (let run = 0; run <= Number(repeats); run++) {
  await sequence.clearHistory();
  const began = performance.now();
  let first = began, last = began, count = 0;
  for await (const _ of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    last = performance.now();
    if (count++ === 0) first = last;
    if (count === Number(newTokens)) break;
  }

  if (run > 0) answers.push({ prefill: prompt.length / (first - began) * 1000, decode: (count - 1) / (last - first) * 1000 });
}

console.log(JSON.stringify(answers));
process.exit(0);
