import { init, type ModuleInfos } from 'license-checker-rseidelsohn';

/** Licences that a runtime dependency may have: permissive, and compatible with Apache-2.0. */
export const allowedLicences: ReadonlySet<string> = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
]);

/** Whether an SPDX expression can be met by allowed licences alone. */
export const isAllowed = (expression: string): boolean => {
  const text = expression.replace(/^\((.*)\)$/, '$1');
  if (text.includes(' OR ')) return text.split(' OR ').some((part) => isAllowed(part.trim()));
  return text.split(' AND ').every((part) => allowedLicences.has(part.trim()));
};

/** Complaints about a tree of packages as license-checker lists it. */
export const licenceComplaints = (packages: ModuleInfos): readonly string[] =>
  Object.entries(packages).flatMap(([name, { licenses }]) => {
    const expression = Array.isArray(licenses) ? licenses.join(' AND ') : (licenses ?? 'none');
    return isAllowed(expression) ? [] : [`${name}: ${expression}`];
  });

/** Licences of what is installed to run (devDependencies are left out). */
export const runtimePackages = (root: string): Promise<ModuleInfos> =>
  new Promise((done, fail) => {
    init({ start: root, production: true, excludePrivatePackages: true }, (error, packages) => {
      if (error) fail(error);
      else done(packages);
    });
  });
