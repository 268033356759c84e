import type { ClientConfig } from '../config';
import type { ExplicitAuthFlow } from './names';
import type { refusals } from '../exceptions';
import type { Parameters } from '../parameters';
import type { Pool } from '../pool';
import type { AuthResponse } from '../proceed';
import type { Service } from '../service';
import type { Api } from '../sign-in';

/** A sign-in as it starts. */
export interface StartRequest {
  readonly api: Api;
  readonly pool: Pool;
  readonly client: ClientConfig;
  readonly parameters: Parameters;
  /** The request's own Session, which USER_AUTH alone takes. */
  readonly session: string | undefined;
}

/** One row of the table of flows. */
export interface Flow {
  readonly apis: readonly Api[];
  /** The ExplicitAuthFlows setting that enables it. */
  readonly setting: Extract<ExplicitAuthFlow, `ALLOW_${string}`>;
  /** How it is refused where it is off. */
  readonly off: keyof typeof refusals;
  /** What AuthParameters must hold. */
  readonly needs: readonly string[];
  /** Missing where the pool cannot run the flow: it is then refused as if off. */
  readonly start?: (service: Service, request: StartRequest) => AuthResponse | Promise<AuthResponse>;
}
