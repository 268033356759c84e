import type { Service } from '../service';
import type { Input } from './input';
import type { Shape } from './shape';

/** One row of the table of operations. */
export interface Operation {
  /** Must the request be signed with IAM credentials? */
  readonly signed: boolean;
  readonly shape: Shape;
  readonly run: (service: Service, input: Input) => object | Promise<object>;
}
