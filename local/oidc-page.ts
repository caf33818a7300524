import type { StaffRole } from '#shared/vocabulary/statuses.ts';
import { escapeHtml } from './swagger.ts';

/** A customer that can be signed in as. */
export interface SignInCustomer {
  readonly id: string;
  readonly name: string;
}

/** No script at all; a form that goes nowhere else. Browsers hold redirects after a form to `form-action` too. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  'Content-Type': 'text/html; charset=utf-8',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const button = (value: string, label: string): string =>
  `<li><button name="account" value="${escapeHtml(value)}">${escapeHtml(label)}</button></li>`;

const frame = (title: string, body: string): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head><body><main>${body}</main></body></html>\n`;

const group = (title: string, buttons: readonly string[]): string =>
  buttons.length === 0 ? '' : `<h2>${title}</h2><ul>${buttons.join('')}</ul>`;

/** The page that asks who signs in, of those the app is for. There are no passwords: this sign-in is for one machine and made-up people. */
export const signInPage = (staff: readonly StaffRole[], customers: readonly SignInCustomer[]): string => {
  const groups = [
    group(
      'Staff',
      staff.map((role) => button(role, role)),
    ),
    group(
      'Customers',
      customers.map(({ id, name }) => button(id, name)),
    ),
  ];
  return frame(
    'Sign in to Rotunda',
    `<h1>Sign in</h1><p>For this machine only: choose who you are.</p><form method="post">${groups.join('')}</form>`,
  );
};

/** What is shown where the sign-in fails. */
export const failurePage = (message: string): string =>
  frame('Sign-in failed', `<h1>Sign-in failed</h1><p>${escapeHtml(message)}</p>`);
