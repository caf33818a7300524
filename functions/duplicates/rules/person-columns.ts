/** What a column of a file of persons may hold. */
export const personFields = [
  'name',
  'title',
  'given',
  'middle',
  'family',
  'generation',
  'deceased',
  'birthDate',
  'birthYear',
  'birthMonth',
  'birthDay',
  'gender',
  'nationalId',
  'phone',
  'email',
  'address',
  'number',
  'street',
  'line2',
  'town',
  'state',
  'postcode',
] as const;
export type PersonField = (typeof personFields)[number];

export const isPersonField = (name: string): name is PersonField => personFields.some((field) => field === name);

/** A row of a file: what its columns hold, as it is written there. */
export type PersonRow = Readonly<Partial<Record<PersonField, string>>>;

/** Headings, in lower case with underscores, by what they mean. */
const headings: Readonly<Record<PersonField, string>> = {
  name: 'name full_name fullname whole_name display_name account_name account_holder account_holder_name holder_name names',
  title: 'title salutation honorific prefix name_prefix name_title',
  given:
    'given given_name givenname given_names first first_name firstname forename forenames fore_name fname fname_c1 vorname christian_name',
  middle: 'middle middle_name middlename middle_names middle_initial mname second_name fname_c2',
  family: 'family family_name familyname surname sur_name last last_name lastname lname lname_c1 nachname',
  generation: 'generation suffix name_suffix',
  deceased: 'deceased is_deceased deceased_flag deceased_date date_deceased date_of_death death_date dod',
  birthDate: 'birth_date birthdate date_of_birth dateofbirth dob d_o_b birthday born geburtsdatum birth date_birth',
  birthYear: 'birth_year birthyear year_of_birth yob by',
  birthMonth: 'birth_month birthmonth month_of_birth mob bm',
  birthDay: 'birth_day day_of_birth bd',
  gender: 'gender sex',
  nationalId:
    'national_id nationalid soc_sec_id soc_sec ssn social_security social_security_number nino ni_number national_insurance national_insurance_number tax_id tax_number passport passport_number identity_number id_number tfn medicare medicare_number nhs_number driver_licence driver_license licence_number license_number company_number abn',
  phone:
    'phone phone_number phonenumber phone_no telephone telephone_number telephone_no tel tel_no tel_number mobile mobile_number mobile_no mobile_phone mob cell cell_phone cellphone landline landline_number phone_1 phone1 phone_2 phone2 primary_phone daytime_phone day_phone evening_phone work_phone phone_mobile phone_home phone_work contact_number contact_no telefon handy',
  email: 'email e_mail email_address e_mail_address emailaddress mail email_1 email1 primary_email',
  address:
    'address full_address fulladdress whole_address address_full postal_address property_address premise_address site_address',
  number:
    'number street_number streetnumber street_no house_number housenumber house_no house_num house_name_number house_name_or_number property_number hausnummer',
  street:
    'street street_name street_address streetaddress address_1 address1 address_line_1 address_line1 addressline1 addr1 addr_1 addr_line_1 line1 line_1 street_1 street1 road thoroughfare strasse',
  line2:
    'line2 line_2 address_2 address2 address_line_2 address_line2 addressline2 addr2 addr_2 addr_line_2 street_2 street2 flat unit apartment',
  town: 'town suburb city locality place post_town posttown postal_town town_city city_town municipality ort stadt',
  state: 'state province county region',
  postcode: 'postcode post_code postal_code postalcode zip zipcode zip_code plz pcode eircode pin_code',
};

const meanings: ReadonlyMap<string, PersonField> = new Map(
  personFields.flatMap((field) => headings[field].split(' ').map((heading) => [heading, field] as const)),
);

/** Words before a heading that say whose it is, not what. */
const possessors =
  /^(?:customer|cust|person|client|contact|holder|primary|home|current|residential|service|supply|mailing|billing)_/;

/** What a column holds, by its heading; undefined where nothing is known. */
export const fieldOfHeading = (heading: string): PersonField | undefined => {
  const plain = heading
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return meanings.get(plain) ?? meanings.get(plain.replaceAll('_', '')) ?? meanings.get(plain.replace(possessors, ''));
};
