import type { Api } from '../../nodes/lib/cognito/apis';
import { type Exchange, relayServer, type TestServer } from '../support/servers';

/** A cell of the table, as a sign-in went through it. */
export interface SeenCell {
  readonly flow: string;
  readonly challenge: string;
  readonly api: Api;
  readonly withSecret: boolean;
}

/** A sign-in as it went over the wire. */
interface WireSignIn {
  readonly flow: string;
  readonly api: Api;
  readonly withSecret: boolean;
  /** The challenges that the pool posed, and to which it accepted an answer. */
  readonly passed: Set<string>;
  /** Those to which it refused an answer once the sign-in was complete. */
  readonly closed: Set<string>;
  accessToken?: string;
}

interface Fields {
  readonly AuthFlow?: string;
  readonly AuthParameters?: Record<string, string>;
  readonly ChallengeName?: string;
  readonly ChallengeResponses?: Record<string, string>;
  readonly ChallengeParameters?: Record<string, string>;
  readonly Session?: string;
  readonly AuthenticationResult?: { readonly AccessToken: string };
}

/** An open challenge. What it is answered by leads to it: its session, or the secret block of an SRP proof. */
interface Open {
  readonly signIn: WireSignIn;
  readonly challenge: string;
}

/** Stands between nodes and pool, and notes which sign-ins were started, and which challenges were posed and passed. */
export class Wire {
  readonly #signIns: WireSignIn[] = [];
  readonly #open = new Map<string, Open>();
  #server: TestServer | undefined;

  /** @returns where it listens */
  async listen(pool: string): Promise<string> {
    this.#server = await relayServer(pool, (exchange) => {
      this.#note(exchange);
      return true;
    });
    return `http://127.0.0.1:${this.#server.port}`;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  /**
   * The cells that a sign-in went through to its tokens: posed, passed, and answered in vain once more afterwards.
   * @param accessToken as it left the nodes
   */
  cellsOf(accessToken: unknown): SeenCell[] {
    return this.#signIns
      .filter((signIn) => signIn.accessToken !== undefined && signIn.accessToken === accessToken)
      .flatMap(({ flow, api, withSecret, passed, closed }) =>
        [...passed].filter((name) => closed.has(name)).map((challenge) => ({ flow, challenge, api, withSecret })),
      );
  }

  #note({ operation, status, ...bodies }: Exchange): void {
    const asked = JSON.parse(bodies.request) as Fields;
    const answer = JSON.parse(bodies.answer) as Fields;
    if (operation.endsWith('InitiateAuth')) {
      if (status === 200) this.#goOn(this.#started(operation, asked), answer);
      return;
    }
    const handle = asked.Session ?? asked.ChallengeResponses?.PASSWORD_CLAIM_SECRET_BLOCK ?? '';
    const open = this.#open.get(handle);
    if (!open) return;
    const { signIn, challenge } = open;
    if (status !== 200) {
      if (signIn.accessToken !== undefined) signIn.closed.add(challenge);
    } else if (operation.endsWith('RespondToAuthChallenge')) {
      if (asked.ChallengeName === challenge) signIn.passed.add(challenge);
      this.#goOn(signIn, answer);
    } else if (answer.Session !== undefined) {
      this.#open.set(answer.Session, open); // on the way through MFA_SETUP
    }
  }

  #started(operation: string, { AuthFlow = '', AuthParameters = {} }: Fields): WireSignIn {
    const signIn = {
      flow: AuthFlow,
      api: operation.startsWith('Admin') ? 'server-side' : 'client-side',
      withSecret: 'SECRET_HASH' in AuthParameters,
      passed: new Set<string>(),
      closed: new Set<string>(),
    } as const;
    this.#signIns.push(signIn);
    return signIn;
  }

  #goOn(signIn: WireSignIn, { ChallengeName, Session, ChallengeParameters, AuthenticationResult }: Fields): void {
    if (AuthenticationResult) signIn.accessToken = AuthenticationResult.AccessToken;
    for (const handle of [Session, ChallengeParameters?.SECRET_BLOCK]) {
      if (ChallengeName !== undefined && handle !== undefined)
        this.#open.set(handle, { signIn, challenge: ChallengeName });
    }
  }
}
