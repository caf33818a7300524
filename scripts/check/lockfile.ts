import * as z from 'zod';

const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
const Lockfile = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), resolved: z.string().optional() })),
});

const exact = /^\d+\.\d+\.\d+$/;

/** Pins of package.json that are ranges, tags or addresses. */
const loosePins = (manifest: z.infer<typeof Manifest>): string[] =>
  Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([, version]) => !exact.test(version))
    .map(([name, version]) => `package.json: ${name} is pinned to ${version}, not to one version`);

/**
 * Complaints about the two files that say what is installed: pins must be exact, the lockfile must agree with them, and it may
 * hold no download address, since an address may be of a private registry.
 */
export const lockfileComplaints = (manifestText: string, lockfileText: string): readonly string[] => {
  const manifest = Manifest.parse(JSON.parse(manifestText));
  const { packages } = Lockfile.parse(JSON.parse(lockfileText));
  const addresses = Object.entries(packages)
    .filter(([, entry]) => entry.resolved !== undefined)
    .map(([path]) => `package-lock.json: ${path} has a download address`);
  const differing = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)
    .map(([name, version]) => `package-lock.json: ${name} is not locked at ${version}`);
  return [...loosePins(manifest), ...addresses, ...differing];
};
