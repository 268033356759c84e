import { isDeepStrictEqual } from 'node:util';
import type { NodeAPI, NodeMessage } from 'node-red';

type Key = string | number;

/** Getters and proxies on a message can throw whatever they are asked. */
function unlessThrown<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}

/** A property of the message by its path; undefined where something on the way is missing. */
export function propertyOf(RED: NodeAPI, msg: NodeMessage, path: string): unknown {
  return unlessThrown(() => RED.util.getMessageProperty(msg, path) as unknown);
}

function isObject(value: unknown): value is Record<Key, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What every object inherits leads out of the message, to what the whole process shares. */
const leadingOut: readonly Key[] = ['__proto__', 'constructor'];

function valueAt(object: unknown, keys: readonly Key[]): unknown {
  return keys.reduce<unknown>((value, key) => {
    if (!isObject(value) || (leadingOut.includes(key) && !Object.hasOwn(value, key))) return undefined;
    return value[key];
  }, object);
}

/** A copy in which one property is missing; an array keeps its length, so that its other entries stay where they are. */
function without(value: unknown, [key, ...rest]: readonly Key[]): unknown {
  if (key === undefined || !isObject(value)) return undefined;
  const copy: Record<Key, unknown> = Array.isArray(value) ? Object.assign([], value) : { ...value };
  copy[key] = rest.length > 0 ? without(value[key], rest) : undefined;
  if (copy[key] === undefined && !Array.isArray(value)) Reflect.deleteProperty(copy, key);
  return copy;
}

function eraseInPlace(parent: unknown, key: Key): void {
  if (!isObject(parent)) return;
  if (Array.isArray(parent)) Reflect.set(parent, key, undefined);
  else Reflect.deleteProperty(parent, key);
}

/**
 * Erases a property in place; where that can't be done, because something is frozen or computed, in a copy of as little
 * as possible: of a request, whose methods a copy would not have, the body.
 */
function erase(root: object, keys: readonly Key[]): void {
  for (let depth = keys.length - 1; depth >= 0; depth -= 1) {
    const [key, ...rest] = keys.slice(depth);
    if (key === undefined) return;
    unlessThrown(() => {
      const parent = valueAt(root, keys.slice(0, depth));
      if (rest.length === 0) eraseInPlace(parent, key);
      else if (isObject(parent)) Reflect.set(parent, key, without(parent[key], rest));
    });
    if (unlessThrown(() => valueAt(root, keys)) === undefined) return;
  }
}

/**
 * Erases a property of the message where it stands.
 *
 * The payload of an `http in` node is the request's body or query itself, so erasing it in place erases it in all of
 * them. A message that was copied on its way (by a second wire, for one) has a payload of its own, and the request is
 * still the same: then the same entry is erased from each.
 */
export function eraseFromMessage(RED: NodeAPI, msg: NodeMessage & { req?: unknown }, path: string): void {
  const value = propertyOf(RED, msg, path);
  if (value === undefined) return;
  const keys = RED.util.normalisePropertyExpression(path.replace(/^msg\./, ''), msg);
  erase(msg, keys);

  const shared = [['payload'], ['req', 'body'], ['req', 'query']];
  const place = shared.find((start) => start.every((key, index) => keys[index] === key));
  if (!place) return;
  const entry = keys.slice(place.length);
  for (const start of shared) {
    const twin = [...start, ...entry];
    if (unlessThrown(() => isDeepStrictEqual(valueAt(msg, twin), value))) erase(msg, twin);
  }
}
