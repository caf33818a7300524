import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from './refusal.ts';

/** A file as it is to be. */
export interface DraftedFile {
  readonly path: string;
  readonly text: string;
  readonly isNew: boolean;
}

/** What is to be written, held back until all of it is known: a refusal leaves the project as it was. Paths are from the root. */
export class Draft {
  readonly #root: string;
  readonly #files = new Map<string, DraftedFile>();

  constructor(root: string) {
    this.#root = root;
  }

  has(path: string): boolean {
    return this.#files.has(path) || existsSync(join(this.#root, path));
  }

  /** @throws Refusal where there is no such file */
  read(path: string): string {
    const drafted = this.#files.get(path);
    if (drafted !== undefined) return drafted.text;
    if (!this.has(path)) throw new Refusal(`${path}: there is no such file; run this in a whole checkout`);
    return readFileSync(join(this.#root, path), 'utf8');
  }

  /** @throws Refusal where there is such a file */
  create(path: string, text: string): void {
    if (this.has(path))
      throw new Refusal(`${path}: it is there already; take another name, or change the file by hand`);
    this.#files.set(path, { path, text, isNew: true });
  }

  /** Changes a text; a refusal of the change names the file. */
  change(path: string, edit: (text: string) => string): void {
    const isNew = this.#files.get(path)?.isNew ?? false;
    const before = this.read(path);
    try {
      this.#files.set(path, { path, text: edit(before), isNew });
    } catch (error) {
      throw error instanceof Refusal ? new Refusal(`${path}: ${error.message}`) : error;
    }
  }

  /** Every file, formatted. */
  files(): readonly DraftedFile[] {
    return [...this.#files.values()].map((file) => ({ ...file, text: this.#formatted(file) }));
  }

  /** Writes every file; answers them. */
  write(): readonly DraftedFile[] {
    const files = this.files();
    for (const { path, text } of files) {
      mkdirSync(dirname(join(this.#root, path)), { recursive: true });
      writeFileSync(join(this.#root, path), text);
    }
    return files;
  }

  /** By Biome, which also puts imports in their order. */
  #formatted({ path, text }: DraftedFile): string {
    if (!path.endsWith('.ts')) return text;
    const biome = join(this.#root, 'node_modules/@biomejs/biome/bin/biome');
    const args = [biome, 'check', '--write', `--stdin-file-path=${path}`];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: this.#root,
      input: text,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`Biome does not take ${path}: ${stderr}`);
    return stdout;
  }
}
