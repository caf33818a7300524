import { createIotDeviceRegistry } from '#shared/messaging/aws/iot-device-registry.ts';
import type { DeviceRegistry } from '#shared/messaging/ports.ts';
import type { Settings } from '#shared/runtime/settings.ts';

/** Settings of a function that registers devices. */
export const deviceSettings = [
  'devicePolicy',
  'deviceThingType',
  'deviceEndpoint',
  'devicePort',
  'deviceCaPem',
] as const;

/** The registry of devices in IoT Core. */
export const openDevices = (settings: Pick<Settings, (typeof deviceSettings)[number]>): DeviceRegistry =>
  createIotDeviceRegistry({
    policy: settings.devicePolicy,
    thingType: settings.deviceThingType,
    deviceEndpoint: settings.deviceEndpoint,
    devicePort: settings.devicePort,
    ...(settings.deviceCaPem === undefined ? {} : { deviceCaPem: settings.deviceCaPem }),
  });
