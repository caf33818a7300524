import type { Context } from 'aws-lambda';

/** What Lambda says of an invocation, by its request id. */
export const lambdaContext = (awsRequestId: string): Context => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'rotunda-dev-facts',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-2:000000000000:function:rotunda-dev-facts',
  memoryLimitInMB: '512',
  awsRequestId,
  logGroupName: 'facts',
  logStreamName: 'facts',
  getRemainingTimeInMillis: () => 1000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
});
