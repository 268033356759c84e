/*
 * What the user pool's dialog asks the server: a test of the settings as they stand there, and lists of user pools and app
 * clients to choose from. The answers are codes; their sentences stand in the catalogue, in the user's language.
 */
window.CognitoPoolTest ??= (function () {
  'use strict';

  const settingNames = [
    'userPoolId', 'clientId', 'api', 'credentialsSource', 'profile', 'roleArn', 'externalId', 'endpoint', 'proxy',
    'timeout', 'contextStore',
  ];
  const secretNames = ['clientSecret', 'accessKeyId', 'secretAccessKey', 'sessionToken', 'encryptionKey'];
  const icons = {
    ok: 'fa-check-circle',
    warning: 'fa-exclamation-triangle',
    failed: 'fa-times-circle',
    unknown: 'fa-question-circle-o',
  };
  const regionOf = /^([a-z]{2,4}(?:-[a-z]+)+-\d+)_/;

  const text = (key, values) => window.CognitoDialog.text(key, values);
  const field = (name) => $(`#node-config-input-${name}`);
  const region = () => $('#cognito-region');

  // ---- What stands in the dialog

  function read(name) {
    const value = String(field(name).val() ?? '').trim();
    return value === '_ADD_' ? '' : value; // no proxy
  }

  /** The settings, and the secrets that were typed: others are left to the server, which has them. */
  function typed() {
    const secrets = secretNames.map((name) => [name, read(name)]);
    return {
      settings: Object.fromEntries(settingNames.map((name) => [name, read(name)])),
      secrets: Object.fromEntries(secrets.filter(([, secret]) => secret !== window.CognitoDialog.keptSecret)),
    };
  }

  /** The server knows a proxy only as it was deployed. */
  function isProxyAsDeployed() {
    const proxy = RED.nodes.node(read('proxy'));
    return !proxy?.changed;
  }

  // ---- The server

  function finding(check, outcome, reason, values = {}) {
    return { check, outcome, reason, values };
  }

  function ask(node, action, body) {
    if (!isProxyAsDeployed()) return Promise.resolve(problem(finding('settings', 'failed', 'proxyNotDeployed')));
    return new Promise((resolve) => {
      $.ajax({
        url: `cognito-user-pool/${encodeURIComponent(node.id)}/${action}`,
        method: 'POST',
        contentType: 'application/json',
        data: JSON.stringify(body),
      }).then(resolve, ({ status, responseJSON }) => {
        if (responseJSON?.code) {
          const values = { field: responseJSON.field ?? '' };
          resolve(problem({ ...finding('settings', 'failed', 'settingsWrong', values), advice: ['UserPoolInvalid'] }));
        } else {
          resolve(problem(finding('settings', 'failed', status === 429 ? 'busy' : 'noAnswer', { status })));
        }
      });
    });
  }

  /** The same problem, as an answer to either question. */
  function problem(found) {
    return { findings: [found], facts: {}, finding: found };
  }

  // ---- In words

  const labelOf = (name) => (settingNames.includes(name) || secretNames.includes(name) ? text(`label.${name}`) : name);

  function sentenceOf({ check, reason, advice = [], values = {} }) {
    const words = {
      ...values,
      source: '',
      field: labelOf(values.field ?? ''),
      fields: String(values.fields ?? '').split(' ').map(labelOf).join(', '),
      subject: reason === 'notTested' ? text(`poolSubjects.${check}`, values) : '',
    };
    return [text(`poolTest.${reason}`, words), ...advice.map((key) => text(`errors.${key}`, words))].join(' ');
  }

  function findingItem(found) {
    return $('<li>', { class: `cognito-${found.outcome}` }).append(
      $('<i>', { class: `fa fa-fw ${icons[found.outcome]}`, 'aria-hidden': 'true' }),
      $('<span>').append($('<span>', { class: 'cognito-spoken' }).text(text(`poolTest.${found.outcome}`)), ' ').append(
        document.createTextNode(sentenceOf(found)),
      ),
    );
  }

  const span = ({ value, unit }) => text(`units.${unit}`, { count: value });
  const list = (names) => names?.join(', ');

  /** Each fact's text; undefined where it could not be learnt. */
  function factTexts(facts) {
    const { accessToken, idToken, refreshToken, mfa, mfaTypes, hidesUsers } = facts;
    const onApi = (flows) => flows?.filter((flow) => window.CognitoTables.authFlowApis[flow]?.includes(read('api')));
    const noneDisabled = facts.disabledFlows && facts.enabledFlows && text('poolFacts.none');
    return {
      names: list([facts.poolName, facts.clientName].filter(Boolean)),
      enabledFlows: list(onApi(facts.enabledFlows)),
      disabledFlows: list(onApi(facts.disabledFlows)) || noneDisabled,
      mfa: mfa && (mfa === 'OFF' || !mfaTypes ? mfa : `${mfa}: ${mfaTypes.join(', ') || text('poolFacts.none')}`),
      firstFactors: list(facts.firstFactors),
      tokens: accessToken && [accessToken, idToken, refreshToken].map(span).join(', '),
      session: facts.session && span(facts.session),
      rotation: facts.rotation && span(facts.rotation),
      hidesUsers: hidesUsers === undefined ? undefined : text(hidesUsers ? 'poolFacts.yes' : 'poolFacts.no'),
    };
  }

  function factList(facts) {
    const rows = Object.entries(factTexts(facts)).filter(([, value]) => value);
    if (rows.length === 0) return $();
    const heading = $('<h5>').text(text('poolFacts.heading'));
    const entries = rows.flatMap(([name, value]) => [$('<dt>').text(text(`poolFacts.${name}`)), $('<dd>').text(value)]);
    return heading.add($('<dl>', { class: 'cognito-facts' }).append(entries));
  }

  // ---- The test

  /** Says above what a test found when the settings are others by now. */
  function watch(items, tested) {
    const stale = findingItem(finding('settings', 'warning', 'changedMeanwhile')).prependTo(items);
    const compare = () => stale.toggle(JSON.stringify(typed()) !== JSON.stringify(tested));
    $('.cognito-dialog').last().off('.cognitoTest').on('input.cognitoTest change.cognitoTest', compare);
    compare();
  }

  async function runTest(node) {
    const button = $('#cognito-test');
    if (button.attr('aria-disabled') === 'true') return;
    const icon = button.find('.fa');
    const outcome = $('#cognito-test-outcome');
    // A disabled button would lose the focus of whoever pressed it by keyboard.
    button.attr('aria-disabled', 'true').addClass('disabled');
    icon.removeClass('fa-stethoscope').addClass('fa-spinner fa-spin');
    outcome.text(text('poolTest.testing'));
    const body = typed();
    const { findings, facts } = await ask(node, 'test', body);
    icon.removeClass('fa-spinner fa-spin').addClass('fa-stethoscope');
    button.removeAttr('aria-disabled').removeClass('disabled');
    const items = $('<ul>', { class: 'cognito-findings' }).append(findings.map(findingItem));
    outcome.empty().append(items, factList(facts));
    watch(items, body);
    button[0].scrollIntoView({ block: 'start' });
    if (facts.disabledFlows) {
      window.CognitoDialog.rememberClient({ ...body.settings, id: node.id }, facts.disabledFlows);
    }
  }

  // ---- The pickers

  /** Offers those choices that have what is typed in them; nothing where one is typed in full. */
  function matching(choices, value) {
    const sought = value.trim().toLowerCase();
    if (choices.some(({ id }) => id === value.trim())) return [];
    return choices
      .filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(sought))
      .map(({ id, name }) => {
        const words = name && name !== id ? `${id} (${name})` : id;
        return { value: id, label: $('<div>', { class: 'red-ui-autoComplete-completion' }).text(words) };
      });
  }

  /**
   * Lets an input choose from a list of the server's, which is asked for when the input gets the focus, and again only
   * after something that decides it has changed. Where there is none, a hint says why.
   * @param bodyOf what to ask with; undefined while it makes no sense to ask
   */
  function prepareList(node, name, action, bodyOf) {
    const input = field(name);
    const hint = $(`#cognito-hint-${name}`);
    const nothing = Promise.resolve({ choices: [] });
    let asked;
    let answer = nothing;
    const load = async () => {
      const body = bodyOf();
      const key = JSON.stringify(body);
      if (key !== asked) {
        asked = key;
        answer = body ? ask(node, action, body) : nothing;
      }
      const { choices = [], more, finding: reason } = await answer;
      // Credentials that can't be found are for the test to tell: whoever fills in the dialog may not be there yet.
      const isTold = reason && !reason.advice?.includes('CredentialsProviderError');
      if (key === asked) hint.text(isTold ? sentenceOf(reason) : more ? text('poolTest.moreToList') : '');
      return choices;
    };
    input.on('focus', () => void load());
    $('.cognito-dialog').last().on('input change', () => {
      if (JSON.stringify(bodyOf()) !== asked) hint.text('');
    });
    input.autoComplete({
      minLength: 0,
      search: (value, done) => void load().then((choices) => done(matching(choices, value))),
    });
  }

  /** The region decides where user pools are listed; a user pool ID, once it has one, decides the region. */
  function prepareRegion() {
    const choices = Object.entries(window.CognitoTables.regions).map(([id, name]) => ({ id, name }));
    region().autoComplete({ minLength: 0, search: (value) => matching(choices, value) });
    const show = () => {
      const found = regionOf.exec(read('userPoolId'))?.[1];
      if (found !== undefined) region().val(found);
    };
    field('userPoolId').on('change keyup paste', show);
    show();
  }

  /** The keys that may list: none on the client-side API. */
  function listBody(needed) {
    const body = typed();
    const lacksKeys = body.settings.credentialsSource === 'keys' && !(read('accessKeyId') && read('secretAccessKey'));
    return body.settings.api === 'client-side' || lacksKeys || !needed(body.settings) ? undefined : body;
  }

  /** Makes a user pool's dialog able to test, and to choose from lists. */
  function prepare(node) {
    prepareRegion();
    prepareList(node, 'userPoolId', 'pools', () => {
      const chosen = String(region().val() ?? '').trim();
      const body = listBody(() => regionOf.test(`${chosen}_`));
      // What is typed of the ID and of the client does not matter to the list.
      return body && { ...body, settings: { ...body.settings, userPoolId: `${chosen}_`, clientId: '' } };
    });
    prepareList(node, 'clientId', 'clients', () => {
      const body = listBody(({ userPoolId }) => /^[\w-]+_[0-9a-zA-Z]+$/.test(userPoolId));
      return body && { ...body, settings: { ...body.settings, clientId: '' } };
    });
    $('#cognito-test').on('click', () => void runTest(node));
  }

  return { prepare };
})();
