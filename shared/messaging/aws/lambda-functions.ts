import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Functions } from '#shared/messaging/ports.ts';

export interface LambdaFunctionsOptions {
  readonly endpoint?: string;
  /** For tests. */
  readonly client?: LambdaClient;
}

export interface LambdaFunctions extends Functions {
  /** Has a function run; nobody waits for it. */
  start(name: string, payload: string): Promise<void>;
}

/** A function runs at most 15 minutes. */
const longestRunMs = 905_000;

const parsed = (bytes: Uint8Array | undefined): unknown => {
  const text = Buffer.from(bytes ?? new Uint8Array()).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
};

/** Name of the error a function ended with; its message may hold what was sent. */
const errorTypeOf = (answer: unknown, kind: string): string =>
  typeof answer === 'object' && answer !== null && 'errorType' in answer && typeof answer.errorType === 'string'
    ? `${kind}: ${answer.errorType}`
    : kind;

/** Functions in Lambda. What stops a call before the function runs (no such function, not allowed, throttled) is thrown. */
export const createLambdaFunctions = (options: LambdaFunctionsOptions = {}): LambdaFunctions => {
  const { endpoint } = options;
  const client =
    options.client ??
    new LambdaClient({
      // A call that was lost on its way may have run; acts can be repeated, but two at a time help nobody.
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 3000, requestTimeout: longestRunMs },
      ...(endpoint === undefined ? {} : { endpoint }),
    });
  return {
    call: async (name, payload) => {
      const { Payload, FunctionError } = await client.send(
        new InvokeCommand({ FunctionName: name, InvocationType: 'RequestResponse', Payload: Buffer.from(payload) }),
      );
      const answer = parsed(Payload);
      return FunctionError === undefined ? { answer } : { failed: errorTypeOf(answer, FunctionError) };
    },
    start: async (name, payload) => {
      await client.send(
        new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: Buffer.from(payload) }),
      );
    },
  };
};

/** Environment of a function, by its name: apart from calling one, because only a person at a terminal asks for it. */
export const lambdaEnvironmentOf = async (name: string): Promise<Readonly<Record<string, string>>> => {
  const { Environment } = await new LambdaClient({}).send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  return Environment?.Variables ?? {};
};
