import { type FileHandle, open } from 'node:fs/promises';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import type { SourceError } from '#functions/imports/rules/interval-series.ts';
import { csvLine } from '#functions/imports/rules/write/csv-cells.ts';

/** Lines written at once. */
const batch = 500;

/** A CSV file with a line for every part of a file that was not taken: line, column, code, message. */
export class ErrorsFile {
  readonly #file: FileHandle;
  #lines: string[] = [csvLine(['line', 'column', 'code', 'message'])];

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Throws CommandFailure where it cannot be written. */
  static async create(path: string): Promise<ErrorsFile> {
    try {
      return new ErrorsFile(await open(path, 'w'));
    } catch {
      throw new CommandFailure(exitCodes.wrongUse, `${path} cannot be written`);
    }
  }

  async add({ line, column, code, message }: SourceError): Promise<void> {
    this.#lines.push(csvLine([{ number: `${line}` }, { number: `${column}` }, code, message]));
    if (this.#lines.length >= batch) await this.#flush();
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    const lines = this.#lines;
    this.#lines = [];
    await this.#file.write(lines.join(''));
  }
}
