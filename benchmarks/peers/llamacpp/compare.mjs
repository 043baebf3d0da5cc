// Compares `edgeai generate` with llama.cpp on this machine: the same shapes, prompt, threads and count of tokens, in turns. See README.md.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contests, shapes } from './shapes.mjs';
import { writeGguf } from './gguf.mjs';

const peerVersion = '3.22.1';
const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '../../..');

const { values: options } = parseArgs({
  options: {
    scratch: { type: 'string', default: join(tmpdir(), 'edgeai-llamacpp') },
    edgeai: { type: 'string', default: join(repository, 'src/EdgeAI.Cli/bin/Release/net10.0/edgeai.dll') },
    contests: { type: 'string', default: contests.map(({ shape, block }) => `${shape}:${block}`).join(',') },
    rounds: { type: 'string', default: '5' },
    repeat: { type: 'string', default: '2' },
    prompt: { type: 'string', default: '128' },
    tokens: { type: 'string', default: '48' },
    threads: { type: 'string', default: '2' },
    peer: { type: 'boolean', default: true },
    ours: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

const prompt = Array.from({ length: Number(options.prompt) }, (_, i) => 300 + (i * 7919) % 30000).join(',');
mkdirSync(options.scratch, { recursive: true });
if (options.peer) preparePeer();
if (options.ours) prepareOurs();

const rows = options.contests.split(',').map((name) => {
  const [shape, block] = name.split(':');
  if (!shapes[shape]) throw new Error(`There is no shape '${shape}': there are ${Object.keys(shapes).join(', ')}.`);
  return measure(shape, Number(block));
});
report(rows);

function preparePeer() {
  // Scripts are not run: the binding brings its libraries as packages for each kind of machine.
  if (!existsSync(join(options.scratch, 'node_modules/node-llama-cpp'))) run('npm', ['install', `node-llama-cpp@${peerVersion}`, '--ignore-scripts', '--no-audit', '--no-fund'], options.scratch);
  copyFileSync(join(here, 'peer.mjs'), join(options.scratch, 'peer.mjs'));
}

function prepareOurs() {
  if (!existsSync(options.edgeai)) run('dotnet', ['build', join(repository, 'src/EdgeAI.Cli'), '-c', 'Release', '-v', 'q', '--nologo'], repository);
}

function measure(shape, block) {
  const { title, source } = shapes[shape];
  const gguf = join(options.scratch, `${shape}.gguf`), folder = join(options.scratch, `${shape}-int4-${block}`);
  if (options.peer && !existsSync(gguf)) {
    progress(`writing ${gguf}`);
    writeGguf(gguf, shapes[shape]);
  }

  if (options.ours && !existsSync(folder)) {
    progress(`building ${folder}`);
    run('dotnet', [options.edgeai, 'build', source, folder, '--precision', 'int4', '--block-size', String(block)], repository);
  }

  const theirs = [], ours = [];
  for (let round = 1; round <= Number(options.rounds); round++) {
    progress(`${title}, block ${block}: round ${round} of ${options.rounds}`);
    // Who is first changes, so that what one leaves behind in caches and clocks is no bias.
    const turns = [() => options.peer && theirs.push(...answerPeer(gguf)), () => options.ours && ours.push(answerOurs(folder))];
    for (const turn of round % 2 ? turns : turns.reverse()) turn();
  }

  return { title, block, theirs, ours };
}

function answerPeer(gguf) {
  return JSON.parse(run('node', [join(options.scratch, 'peer.mjs'), gguf, prompt, options.tokens, options.threads, options.repeat], options.scratch));
}

function answerOurs(folder) {
  const output = run('dotnet', [
    options.edgeai, 'generate', folder, '--tokens', prompt, '--max-tokens', options.tokens, '--ignore-eos', '--greedy', '--threads', options.threads, '--warmup', '1', '--repeat', options.repeat, '--json'], repository);
  const { prefillTokensPerSecond: prefill, decodeTokensPerSecond: decode } = JSON.parse(output);
  return { prefill, decode };
}

function report(rows) {
  console.log(`${cpus()[0].model.trim()}, ${cpus().length} logical processors; ${new Date().toISOString().slice(0, 10)}; node-llama-cpp ${peerVersion}.`);
  console.log(`${options.prompt} prompt tokens, ${options.tokens} new ones, ${options.threads} threads. Tokens a second: medians of ${options.rounds} alternating rounds (least to most), each round a fresh process with one answer unmeasured and ${options.repeat} measured.\n`);
  console.log('| shapes | our block | llama.cpp Q4_0: prefill | decode | EdgeAI int4: prefill | decode | ratio: prefill | decode |');
  console.log('|---|---|---|---|---|---|---|---|');
  for (const { title, block, theirs, ours } of rows) {
    const figures = [theirs, ours].flatMap((answers) => ['prefill', 'decode'].map((kind) => answers.map((answer) => answer[kind])));
    const ratio = (kind) => (theirs.length && ours.length ? `${(median(ours.map((a) => a[kind])) / median(theirs.map((a) => a[kind]))).toFixed(2)}x` : '-');
    console.log(`| ${[title, block, ...figures.map(spread), ratio('prefill'), ratio('decode')].join(' | ')} |`);
  }
}

function spread(values) {
  return values.length ? `${round(median(values))} (${round(Math.min(...values))} to ${round(Math.max(...values))})` : '-';
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function round(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function progress(line) {
  console.error(line);
}

function run(command, args, folder) {
  const { status, stdout, error } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64 << 20 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}: ${stdout.slice(-500)}`);
  return stdout;
}
