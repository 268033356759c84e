import { once } from 'node:events';
import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type AgentOptions } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { ProxyAgent } from 'proxy-agent' with { 'resolution-mode': 'import' };
import { CognitoAuthError } from './errors';
import type { UserPoolSettings } from './user-pool';

type ConnectOptions = Parameters<ProxyAgent['connect']>[1];

const proxyVariables = ['https_proxy', 'http_proxy', 'all_proxy'];

function environmentHasProxy(): boolean {
  return proxyVariables.some((name) => process.env[name] ?? process.env[name.toUpperCase()]);
}

/** Which proxy a request to a URL goes through, as `host:port`, without name and password; undefined for none. */
export async function proxyHost(
  settings: Pick<UserPoolSettings, 'proxyForUrl' | 'timeout'>,
  url: string,
): Promise<string | undefined> {
  const agent = await proxyAgent(settings, { keepAlive: false });
  if (!agent) return undefined;
  // What decides for the environment takes no more than the URL.
  const lookUp = agent.getProxyForUrl as (url: string) => string | Promise<string>;
  const proxy = await lookUp(url);
  agent.destroy();
  return URL.canParse(proxy) ? new URL(proxy).host : undefined;
}

declare module 'http' {
  interface Agent {
    /** What Node hands each request to as it is made; its types leave it out. */
    addRequest(request: ClientRequest, options: object): void;
  }
}

type Connected = (error: Error | null, socket?: Duplex) => void;

/** How a proxy is told the name and password that its URL holds. */
function credentialsIn({ username, password }: URL): string | undefined {
  const credentials = [username, password].map(decodeURIComponent).join(':');
  return credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/**
 * Connects by TLS through an HTTP proxy. Unlike proxy-agent's own it gives up: a proxy that never answers would be left
 * with the connection for good.
 */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: URL;
  readonly #timeout: number;
  readonly #asking = new Set<ClientRequest>();

  /** @param timeout how long the proxy may take, in ms */
  constructor(proxy: URL, timeout: number, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
    this.#timeout = timeout;
  }

  override createConnection(options: ConnectionOptions, connected: Connected): undefined {
    void this.#askFor(options).then(
      (socket) => {
        connected(null, connectTls({ ...options, socket }));
      },
      (error: unknown) => {
        connected(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  override destroy(): void {
    for (const asking of this.#asking) asking.destroy();
    super.destroy();
  }

  /** @throws CognitoAuthError AnswerUnexpected where the proxy refuses; the socket's own error */
  async #askFor({ host = 'localhost', port = 443 }: ConnectionOptions): Promise<Socket> {
    const { protocol, hostname, port: proxyPort } = this.#proxy;
    const path = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
    const credentials = credentialsIn(this.#proxy);
    const asking = (protocol === 'https:' ? httpsRequest : httpRequest)({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: proxyPort,
      method: 'CONNECT',
      path,
      agent: false,
      headers: { host: path, ...(credentials !== undefined && { 'proxy-authorization': credentials }) },
    });
    const giveUp = setTimeout(() => asking.destroy(), this.#timeout).unref();
    this.#asking.add(asking);
    try {
      asking.end();
      const [{ statusCode = 0 }, socket] = (await once(asking, 'connect')) as [IncomingMessage, Socket];
      if (statusCode === 200) return socket;
      socket.destroy();
      throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode: statusCode });
    } finally {
      clearTimeout(giveUp);
      this.#asking.delete(asking);
    }
  }
}

/**
 * What sends requests through a proxy; undefined where there is none.
 * @param proxyForUrl the URL of the proxy for a request to a URL; without it the environment's variables decide
 * @param timeout how long a proxy may take to open a way, in ms
 */
export async function proxyAgent(
  { proxyForUrl, timeout }: Pick<UserPoolSettings, 'proxyForUrl' | 'timeout'>,
  options: { readonly keepAlive: boolean; readonly maxSockets?: number; readonly maxFreeSockets?: number },
): Promise<ProxyAgent | undefined> {
  if (!proxyForUrl && !environmentHasProxy()) return undefined;
  const { ProxyAgent } = await import('proxy-agent');
  const direct = { httpAgent: new Agent(options), httpsAgent: new HttpsAgent(options) };
  const tunnels = new Map<string, TunnelAgent>();

  class ClosingProxyAgent extends ProxyAgent {
    /**
     * Names the server to an HTTP proxy before anything of the request is written. proxy-agent's own does that only once
     * there is a connection, which is too late for one that is used again.
     */
    override addRequest(request: ClientRequest, options: object): void {
      const url = `http://${String(request.getHeader('host'))}${request.path}`;
      const proxy = request.protocol === 'http:' ? this.getProxyForUrl(url, request) : '';
      if (typeof proxy === 'string' && /^https?:/.test(proxy)) {
        request.path = url;
        const credentials = credentialsIn(new URL(proxy));
        if (credentials !== undefined) request.setHeader('proxy-authorization', credentials);
      }
      super.addRequest(request, options);
    }

    override async connect(request: ClientRequest, target: ConnectOptions): Promise<Agent> {
      const url = `https://${String(request.getHeader('host'))}${request.path}`;
      const proxy = target.secureEndpoint ? await this.getProxyForUrl(url, request) : '';
      if (!/^https?:/.test(proxy)) return super.connect(request, target);
      const agent = tunnels.get(proxy) ?? new TunnelAgent(new URL(proxy), timeout, options);
      tunnels.set(proxy, agent);
      return agent;
    }

    /** Closes what is being opened and the connections past the proxy too, which ProxyAgent leaves open. */
    override destroy(): void {
      for (const agent of tunnels.values()) agent.destroy();
      direct.httpAgent.destroy();
      direct.httpsAgent.destroy();
      super.destroy();
    }
  }
  const agent = new ClosingProxyAgent({ ...options, ...direct, ...(proxyForUrl && { getProxyForUrl: proxyForUrl }) });
  // The agents that it makes keep to the limit. Its own would hold requests back, and never hear of a socket set free.
  agent.maxSockets = Infinity;
  return agent;
}
