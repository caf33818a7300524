/** Bytes that a file of the project may have. */
export const maxFileBytes = 1_000_000;

const generated = /^(package-lock\.json|LICENSE)$/;
const text = /\.(ts|mts|mjs|js|json|md|yml|yaml|sh|svg|html|css|csv|txt)$|^\.ci\/|^(NOTICE|\.npmrc|\.gitignore)$/;

/** What no file may say: `[what, pattern]`. */
const forbidden: readonly (readonly [string, RegExp])[] = [
  ['an absolute path of one machine', /(^|[\s"'`(=:])\/(work|home|root|mnt|Users|workspace|workspaces)\/[\w.]/m],
  ['an absolute path of one machine', /\b[A-Z]:\\(Users|work)\\/m],
  ['a private key', /-----BEGIN (EC |RSA )?PRIVATE KEY-----\s*\n[A-Za-z0-9+/=]{20}/m],
  ['an access key of AWS', /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['work left for later', /\b([T]ODO|[F]IXME|[H]ACK)\b/],
];

/** Whether a file is read for what it says (binary files and those made by tools are not). */
export const isRead = (path: string): boolean => text.test(path) && !generated.test(path);

/** Complaints about what one file says, with the line of each. */
export const contentComplaints = (path: string, body: string): readonly string[] =>
  forbidden.flatMap(([what, pattern]) => {
    const at = body.search(pattern);
    return at < 0
      ? []
      : [
          `${path}:${
            body
              .slice(0, at + 1)
              .trimEnd()
              .split('\n').length
          }: ${what}`,
        ];
  });

/** Complaints about files that are too large to review. */
export const sizeComplaints = (
  files: readonly { readonly path: string; readonly bytes: number }[],
): readonly string[] =>
  files
    .filter(({ bytes }) => bytes > maxFileBytes)
    .map(({ path, bytes }) => `${path}: ${bytes} bytes, more than ${maxFileBytes}`);
