import { openSearchedUtility } from './searched-utility.ts';
const u = await openSearchedUtility('written', 600);
const few = u.all.filter((_, i) => i % 8 === 3 || u.all[i]!.formerNames.length + u.all[i]!.formerPlaces.length > 0 && i % 2 === 0);
for (const k of few.slice(0, 110)) console.log([k.accounts.join('+'), k.names.join('/'), k.formerNames.length ? 'WAS ' + k.formerNames.join('/') : '', k.places.slice(0,2).map((p) => `${p.line}, ${p.town} ${p.postcode}`).join(' ; '), k.formerPlaces.length ? 'LEFT ' + k.formerPlaces.map((p) => `${p.line}, ${p.town} ${p.postcode}`).join(';') : '', k.phones.join(' '), k.emails[0] ?? '', k.serials.slice(0,2).join(' ')].filter((x) => x).join(' | '));
await u.store.close();
