import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { run } from './far-end.ts';

const scriptOf = async (shell: string): Promise<string> => (await run(['completion', shell])).out.join('\n');

/** Asks bash what it would offer behind the words. */
const offered = (script: string, ...words: readonly string[]): readonly string[] =>
  execFileSync(
    'bash',
    [
      '-c',
      `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rotunda; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ],
    { encoding: 'utf8' },
  )
    .trim()
    .split('\n');

describe('completions for bash', () => {
  it('offer the commands, those of ops, and the options of each', async () => {
    const script = await scriptOf('bash');
    expect(offered(script, 'rotunda', 'se')).toEqual(['send', 'search']);
    expect(offered(script, 'rotunda', 'ops', 'ver')).toEqual(['verify-audit']);
    expect(offered(script, 'rotunda', 'ops', 'digest', '--t')).toEqual(['--token', '--table']);
    expect(offered(script, 'rotunda', 'show', 'anna', '--p')).toEqual(['--purpose']);
  });
});

it.each(['zsh', 'fish'])('are written for %s', async (shell) => {
  expect(await scriptOf(shell)).toContain('verify-audit');
});

it('are not written for a shell nobody named', async () => {
  expect((await run(['completion', 'cmd'])).code).toBe(2);
});
