import { version } from '../../package.json';

/** Version of this code, as package.json has it. */
export const codeVersion: string = version;
