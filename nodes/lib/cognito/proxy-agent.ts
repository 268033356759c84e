import type { Agent } from 'node:http';

const proxyVariables = ['https_proxy', 'http_proxy', 'all_proxy'];

function environmentHasProxy(): boolean {
  return proxyVariables.some((name) => process.env[name] ?? process.env[name.toUpperCase()]);
}

/**
 * What sends requests through a proxy; undefined where there is none.
 * @param proxyForUrl the URL of the proxy for a request to a URL; without it the environment's variables decide
 */
export async function proxyAgent(
  proxyForUrl: ((url: string) => string) | undefined,
  options: { readonly keepAlive: boolean },
): Promise<Agent | undefined> {
  if (!proxyForUrl && !environmentHasProxy()) return undefined;
  const { ProxyAgent } = await import('proxy-agent');
  return new ProxyAgent({ ...options, ...(proxyForUrl && { getProxyForUrl: proxyForUrl }) });
}
