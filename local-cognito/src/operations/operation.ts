import type { Failure } from '../faults';
import type { Service } from '../service';
import type { Input } from './input';
import type { Shape } from './shape';

/** One row of the table of operations. */
export interface Operation {
  /** Must the request be signed with IAM credentials? */
  readonly signed: boolean;
  readonly shape: Shape;
  /** @param failure the injected fault that the operation itself has to play out, if any */
  readonly run: (service: Service, input: Input, failure: Failure | undefined) => object;
}
