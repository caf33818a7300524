import { NotConfiguredException } from '@aws-sdk/client-iot';
import { type Clients, openClients } from '#scripts/deployed/aws.ts';

const atFirst = { step: 'initialize', name: 'deploy-test' } as const;

/**
 * Clients of the emulator that answer by themselves what it does not know and a deployment asks: quotas, of which none is told; the
 * log of IoT Core, which nobody has set; and where meters connect, which is this machine.
 */
export const openEmulatedClients = (): Clients => {
  const clients = openClients();
  clients.quotas.middlewareStack.add(
    () => async () => ({ output: { Quotas: [], $metadata: {} }, response: undefined }),
    atFirst,
  );
  clients.iot.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'GetV2LoggingOptionsCommand')
          throw new NotConfiguredException({ message: 'nobody has set a log', $metadata: {} });
        if (commandName === 'DescribeEndpointCommand')
          return { output: { endpointAddress: 'localhost', $metadata: {} }, response: undefined };
        return next(args);
      },
    atFirst,
  );
  return clients;
};
