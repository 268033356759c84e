import { isObject } from '../config-rules';
import { refuse } from '../exceptions';

/** What AWS's API model says about one member of a request. */
export type Member =
  | {
      type: 'text';
      required?: true;
      min?: number;
      max?: number;
      pattern?: RegExp;
      choices?: readonly string[];
      secret?: true;
    }
  | { type: 'number'; required?: true; min?: number; max?: number }
  | { type: 'flag' | 'map'; required?: true }
  | { type: 'list'; required?: true; items?: Shape }
  | { type: 'object'; required?: true; members: Shape };

export type Shape = Readonly<Record<string, Member>>;

type TextMember = Extract<Member, { type: 'text' }>;
type NumberMember = Extract<Member, { type: 'number' }>;

const typeTests: Record<Member['type'], (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  number: Number.isInteger,
  flag: (value) => typeof value === 'boolean',
  list: (value) => Array.isArray(value),
  object: isObject,
  map: (value) => isObject(value) && Object.values(value).every((entry) => entry === null || typeof entry === 'string'),
};

const typeNames: Record<Member['type'], string> = {
  text: 'string',
  number: 'integer',
  flag: 'boolean',
  list: 'list',
  object: 'structure',
  map: 'map of strings',
};

/**
 * Checks a request against its shape as AWS does before an operation sees it: wrong JSON types first, then all
 * violated constraints in one message. null counts as absent, unknown members are ignored.
 * @throws SerializationException, InvalidParameterException "1 validation error detected: ..."
 */
export function checkShape(shape: Shape, body: Readonly<Record<string, unknown>>): void {
  const errors = violations(shape, body, '');
  if (errors.length === 0) return;
  const count = errors.length === 1 ? '1 validation error' : `${errors.length} validation errors`;
  throw refuse('validation', { errors: `${count} detected: ${errors.join('; ')}` });
}

function violations(shape: Shape, body: Readonly<Record<string, unknown>>, parent: string): string[] {
  return Object.entries(shape).flatMap(([name, member]) => {
    // AWS's messages write member names with a small initial: authFlow, contextData.ipAddress.
    const path = parent + name.charAt(0).toLowerCase() + name.slice(1);
    const value = body[name] ?? undefined;
    if (value === undefined) return member.required ? [violation('', path, 'Member must not be null')] : [];
    if (!typeTests[member.type](value)) throw refuse('wrongType', { path, type: typeNames[member.type] });
    if (member.type === 'text' && typeof value === 'string') return textViolations(member, value, path);
    if (member.type === 'number') return numberViolations(member, Number(value), path);
    if (member.type === 'list' && member.items) return itemViolations(member.items, value, path);
    return member.type === 'object' && isObject(value) ? violations(member.members, value, `${path}.`) : [];
  });
}

function itemViolations(items: Shape, value: unknown, path: string): string[] {
  return (Array.isArray(value) ? value : []).flatMap((item: unknown, index) => {
    const itemPath = `${path}.${index + 1}.member`;
    if (!isObject(item)) throw refuse('wrongType', { path: itemPath, type: typeNames.object });
    return violations(items, item, `${itemPath}.`);
  });
}

function textViolations(member: TextMember, value: string, path: string): string[] {
  const { min = 0, max = Infinity, pattern, choices } = member;
  const broken = [
    ...(value.length < min ? [`Member must have length greater than or equal to ${min}`] : []),
    ...(value.length > max ? [`Member must have length less than or equal to ${max}`] : []),
    ...(pattern && !pattern.test(value)
      ? [`Member must satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`]
      : []),
    ...(choices && !choices.includes(value) ? [`Member must satisfy enum value set: [${choices.join(', ')}]`] : []),
  ];
  return broken.map((constraint) => violation(member.secret ? '' : ` '${value}'`, path, constraint));
}

function numberViolations({ min = -Infinity, max = Infinity }: NumberMember, value: number, path: string): string[] {
  const broken = [
    ...(value < min ? [`Member must have value greater than or equal to ${min}`] : []),
    ...(value > max ? [`Member must have value less than or equal to ${max}`] : []),
  ];
  return broken.map((constraint) => violation(` '${value}'`, path, constraint));
}

function violation(shown: string, path: string, constraint: string): string {
  return `Value${shown} at '${path}' failed to satisfy constraint: ${constraint}`;
}
