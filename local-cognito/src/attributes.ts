/** Cognito's standard attributes (developer guide, "Working with user attributes"). */
const standardAttributes = new Set([
  'sub',
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'email',
  'email_verified',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'phone_number',
  'phone_number_verified',
  'address',
  'updated_at',
]);

/** The longest value of an attribute (API reference, AttributeType), and so of an alias. */
export const LONGEST_VALUE = 2048;

/** What passes for an e-mail address. No text can be split in two ways, so that a long one is judged at once. */
export const emailPattern = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

/** Attributes that only the pool itself sets. */
const ownedByPool = new Set(['sub', 'email_verified', 'phone_number_verified']);

/** Is it one of Cognito's standard attributes? Others begin with `custom:`. */
export function isStandardAttribute(name: string): boolean {
  return standardAttributes.has(name);
}

/** May a user who signs in set this attribute, under the client's `writeAttributes`? */
export function isWritable(name: string, writeAttributes: readonly string[] | undefined): boolean {
  return !ownedByPool.has(name) && (writeAttributes?.includes(name) ?? true);
}
