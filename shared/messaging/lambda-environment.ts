import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** Environment of a function in Lambda, by its name: apart from calling one, because only a person at a terminal asks for it. */
export const lambdaEnvironmentOf = async (name: string): Promise<Readonly<Record<string, string>>> => {
  const { Environment } = await new LambdaClient({}).send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  return Environment?.Variables ?? {};
};
