import type { BatchSource, StreamOperation } from '@tandem/engine';
import type { NativeAddon } from '@tandem/native';
import type { BlockReader } from './block-reader.ts';
import type { Block, BlockResult, LogBatch, LogSettings, StreamBlock } from './log-block.ts';

/** An analysis of logs. */
export interface LogRequest {
  readonly settings: LogSettings;
  readonly reader: BlockReader;
}

/** The pass over the logs of a run. TypeScript reads and cuts them; the engines analyze one block after another. */
export const logOperation: StreamOperation<LogRequest, LogBatch, NativeAddon> = {
  name: 'infra.logs',
  native: (addon, { settings, reader }, { workers }) =>
    new BlockSource(reader, reader.isFollowing ? 0 : workers, async ({ bytes, isInsideLine, before }) => {
      const result = await addon.analyzeLog(bytes, {
        ...settings,
        patterns: [...settings.patterns],
        isInsideLine,
        before,
      });
      return JSON.parse(result) as BlockResult;
    }),
  async typescript({ settings, reader }) {
    const { BlockAnalyzer } = await import('./analyze-block.ts');
    const { patterns } = settings;
    // Loaded only for patterns: it is ten times as large as everything else here.
    const matchers = patterns.length === 0 ? [] : patterns.map((await import('./match-line.ts')).lineMatcher);
    const analyzer = new BlockAnalyzer(settings, matchers);
    return new BlockSource(reader, 0, (block) => analyzer.analyze(block));
  },
  resume: (request) => request,
};

type Analyze = (block: Block) => BlockResult | Promise<BlockResult>;

/** Reads blocks and has them analyzed, some ahead of the one that is delivered. */
class BlockSource implements BatchSource<LogBatch> {
  readonly #reader: BlockReader;
  readonly #ahead: number;
  readonly #analyze: Analyze;
  readonly #running: { readonly block: StreamBlock; readonly result: Promise<BlockResult> }[] = [];
  #delivered = 0;
  #isCancelled = false;

  constructor(reader: BlockReader, ahead: number, analyze: Analyze) {
    this.#reader = reader;
    this.#ahead = ahead;
    this.#analyze = analyze;
    reader.rewind();
  }

  async next(): Promise<LogBatch | null> {
    if (this.#delivered > 0) this.#reader.release();
    while (!this.#isCancelled && this.#running.length <= this.#ahead) {
      const block = await this.#reader.next();
      if (block === null) break;
      const result = Promise.resolve(this.#analyze(block));
      // Reported when its block is to be delivered.
      result.catch(() => undefined);
      this.#running.push({ block, result });
    }
    const first = this.#running.shift();
    if (first === undefined || this.#isCancelled) return null;
    const { block, result } = first;
    const analyzed = await result;
    this.#delivered += 1;
    return {
      result: analyzed,
      block,
      items: analyzed.lines,
      bytes: block.bytes.length,
      cursor: String(this.#delivered),
    };
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#reader.close();
  }
}
