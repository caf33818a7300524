import { formerAccounts, visibleAccounts, visiblePremises } from '#shared/profile/rules/view/view-360.ts';
import type { Table } from '#shared/table/table.ts';
import { readView } from './read-view.ts';

/** Customers as a search hit shows them: name, accounts, those they have left, first address. */
export const describeCustomers = async (profile: Table, today: string, customers: readonly string[]) => {
  const described = await Promise.all(
    customers.map(async (id) => {
      const parts = await readView(profile, id);
      if (parts?.identity === undefined) return [];
      const accounts = visibleAccounts(parts, today);
      const address =
        visiblePremises(parts, accounts, today).find((one) => one.digest.address !== null)?.digest.address ?? undefined;
      const former = formerAccounts(parts, today).map((one) => one.id);
      return [{ id, name: parts.identity.name ?? '', accounts: accounts.map((one) => one.id), former, address }];
    }),
  );
  return described.flat();
};
