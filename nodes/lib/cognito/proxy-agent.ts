import type { ProxyAgent } from 'proxy-agent' with { 'resolution-mode': 'import' };

const proxyVariables = ['https_proxy', 'http_proxy', 'all_proxy'];

function environmentHasProxy(): boolean {
  return proxyVariables.some((name) => process.env[name] ?? process.env[name.toUpperCase()]);
}

/** Which proxy a request to a URL goes through, as `host:port`, without name and password; undefined for none. */
export async function proxyHost(
  proxyForUrl: ((url: string) => string) | undefined,
  url: string,
): Promise<string | undefined> {
  const agent = await proxyAgent(proxyForUrl, { keepAlive: false });
  if (!agent) return undefined;
  // What decides for the environment takes no more than the URL.
  const lookUp = agent.getProxyForUrl as (url: string) => string | Promise<string>;
  const proxy = await lookUp(url);
  agent.destroy();
  return URL.canParse(proxy) ? new URL(proxy).host : undefined;
}

/**
 * What sends requests through a proxy; undefined where there is none.
 * @param proxyForUrl the URL of the proxy for a request to a URL; without it the environment's variables decide
 */
export async function proxyAgent(
  proxyForUrl: ((url: string) => string) | undefined,
  options: { readonly keepAlive: boolean },
): Promise<ProxyAgent | undefined> {
  if (!proxyForUrl && !environmentHasProxy()) return undefined;
  const { ProxyAgent } = await import('proxy-agent');
  return new ProxyAgent({ ...options, ...(proxyForUrl && { getProxyForUrl: proxyForUrl }) });
}
