import { join } from 'node:path';
import { projectRoot } from '#scripts/check/project-files.ts';
import { type Cdk, childCdk } from '#scripts/deploy/cdk.ts';
import { readDiff, type StackChange } from '#scripts/deploy/diff.ts';
import type { Clients } from '#scripts/deployed/aws.ts';
import { adaptTemplates, type Swaps } from './adapt.ts';
import { type RemovedResource, readTemplates, type StackTemplate } from './assembly.ts';

const optionOf = (args: readonly string[], option: string): string | undefined => {
  const place = args.indexOf(option);
  return place < 0 ? undefined : args[place + 1];
};

const accountFolder = 'cdk.out/deploy-account';

/** The CDK's own command line before an emulator: whatever it synthesises is adapted before it is deployed. */
export class EmulatedCdk implements Cdk {
  readonly #clients: Clients;
  readonly #swaps: Swaps;
  readonly #cdk = childCdk({});
  readonly #synthesised = new Map<string, readonly StackTemplate[]>();
  readonly #removed = new Map<string, RemovedResource>();

  constructor(clients: Clients, swaps: Swaps) {
    this.#clients = clients;
    this.#swaps = swaps;
  }

  /** What was taken out of the templates that were synthesised, each resource once. */
  get removed(): readonly RemovedResource[] {
    return [...this.#removed.values()];
  }

  /** Templates of a stage as they were synthesised last, before anything was taken out. */
  synthesised(stage: string): readonly StackTemplate[] {
    const templates = this.#synthesised.get(`cdk.out/deploy-${stage}`);
    if (templates === undefined) throw new Error(`${stage} was not synthesised`);
    return templates;
  }

  /** What deploying the templates of a stage once more would change. */
  async changes(stage: string): Promise<readonly StackChange[]> {
    return readDiff(await this.#cdk.run(['diff', '--all', '--app', `cdk.out/deploy-${stage}`], { seconds: 120 }));
  }

  async run(args: readonly string[], bound: Parameters<Cdk['run']>[1]): Promise<string> {
    const [command, ...said] = args;
    if (command === 'synth') return this.#synthesise(said, optionOf(args, '--output') ?? 'cdk.out', bound);
    if (command !== 'deploy' || said.includes('--app')) return this.#cdk.run(args, bound);
    // What is not synthesised by itself has to be, to be adapted.
    const folder = accountFolder;
    const context = args.flatMap((one, index) => (one === '--context' ? [one, args[index + 1] ?? ''] : []));
    await this.#synthesise(['--quiet', '--output', folder, ...context], folder, bound);
    return this.#cdk.run([...args, '--app', join(projectRoot, folder)], bound);
  }

  async #synthesise(said: readonly string[], folder: string, bound: Parameters<Cdk['run']>[1]): Promise<string> {
    // The sources stay as they are while the test runs: their code is bundled once.
    const bundled = [...this.#synthesised.keys()].some((one) => one !== accountFolder);
    const printed = await this.#cdk.run(['synth', ...said, '--context', `bundled=${bundled}`], bound);
    const place = join(projectRoot, folder);
    this.#synthesised.set(folder, await readTemplates(place));
    const removed = await adaptTemplates(place, this.#clients, this.#swaps);
    for (const one of removed) this.#removed.set(`${one.stack} ${one.logicalId}`, one);
    return printed;
  }
}
