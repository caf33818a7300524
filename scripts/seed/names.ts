/** Names of people, firms, towns and streets of the seeded utility. All are made up; none means anybody. */
type Words = readonly [string, ...string[]];

const words = (text: string): Words => {
  const [first = '', ...rest] = text.split(' ');
  return [first, ...rest];
};

export const givenNames: Words = words(
  'Amara Bodil Caspian Delphine Edric Farah Gwendal Hestia Idris Jorun Kavita Leopold Mirela Nils Odalys Percival Quilla ' +
    'Rosalind Soren Tamsin Ulric Verity Wilfred Xanthe Yusuf Zelda Aoife Bartok Cressida Dariusz Elowen Fitzroy Ginevra ' +
    'Halvard Ingrid Jasper Keziah Lorcan Marisol Nkechi Orla Piotr Rafaela Sunniva Thaddeus Ursula Vikram Winifred Yara ' +
    'Anouk Bram Coralie Dunstan Esme Florian Greta Hamish Isolde Javier Kerensa Lazlo Maren Nadia Osric Petra Rhian Sanjay',
);

export const familyNames: Words = words(
  'Okafor Lindqvist Marrowby Thistlewood Penhallow Quillfeather Ravensby Saltmarsh Tremayle Underhay Vantongeren Wexcombe ' +
    'Yarborne Zielonka Ashgrove Brindlecote Coldharbour Dunmarrow Eastlake Fairweather Gathercole Hollinside Inglemoor ' +
    'Jessamy Kettlewick Larkspur Merriweather Nightingall Oxenbridge Pellowe Quennell Rushmere Silverdale Tolliver Umber ' +
    'Vesper Windrush Yelland Zephyr Abernethy Bellweather Cinderford Dovecote Elderfield Foxglove Greenacre Hartsease ' +
    'Ironmonger Jackdaw Kestrel Lamplighter Mossbank Netherby Orchardson Plumtree Quarrier Rookhope Stonecrop Tidewell ' +
    'Upperby Valemont Whinfell Yewdale Zennor Adebayo-Finch Bhattarai Castellane Drozdowicz Eklund Fontenay Gwynnevar',
);

export const trades: Words = ['Bakery', 'Joinery', 'Chandlery', 'Dental Practice', 'Cycles', 'Books', 'Print Works'];

/** Towns with the region of the network each lies in. */
export const towns = [
  { town: 'Saltmouth', region: 'SALT', district: 1 },
  { town: 'Fennick Bay', region: 'FENN', district: 2 },
  { town: 'Upper Tarnley', region: 'TARN', district: 3 },
  { town: 'Wrenholm', region: 'WREN', district: 4 },
  { town: 'Port Averil', region: 'AVER', district: 5 },
] as const;

export const streets: Words = [
  'Quay Street',
  'Chandler Street',
  'Netmaker Lane',
  'Gorse Hill',
  'Millrace Walk',
  'Kittiwake Road',
  'Beacon Rise',
  'Cooper Yard',
  'Sandpiper Close',
  'Juniper Avenue',
  'Old Ropewalk',
  'Fathom Terrace',
];

/** The street that goes dark. */
export const outageStreet = 'Lantern Row';
