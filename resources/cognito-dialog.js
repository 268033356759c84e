/*
 * What the dialogs of the sign-in nodes share: rows of typed inputs, made from CognitoTables; secrets that go into a
 * node's credentials and nowhere else; and the reasons why a setting is not valid.
 */
// Every node that needs this loads it; what the first one made is what all of them share.
window.CognitoDialog ??= (function () {
  'use strict';

  const catalogue = '@cognito-flows/node-red-cognito-auth/cognito-user-pool';

  /** Stands in the editor for a secret that only the server has. */
  const keptSecret = '__PWRD__';

  const icons = {
    authFlow: 'fa-random',
    challengeName: 'fa-question-circle-o',
    username: 'fa-user',
    password: 'fa-lock',
    refreshToken: 'fa-refresh',
    accessToken: 'fa-ticket',
    preferredChallenge: 'fa-star-o',
    code: 'fa-hashtag',
    totpSecret: 'fa-key',
    newPassword: 'fa-lock',
    userAttributes: 'fa-id-card-o',
    choice: 'fa-hand-o-right',
    answer: 'fa-commenting-o',
    email: 'fa-envelope-o',
    issuer: 'fa-building-o',
    accountName: 'fa-user',
    credential: 'fa-id-badge',
    deviceKey: 'fa-mobile',
    session: 'fa-clock-o',
    token: 'fa-ticket',
  };

  /** The settings of nodes as their open dialogs show them, by id: the editor hands out nodes and proxies of them. */
  const openDialogs = new Map();

  /** A text that the nodes share. */
  function text(key, values) {
    return RED._(`${catalogue}:${key}`, values);
  }

  function labelOf(name) {
    return text(`inputs.${name}`);
  }

  /** `${NAME}` as a whole, which Node-RED replaces when the flow starts. */
  function isVariable(value) {
    return /^\$\{[^}]+\}$/.test(value);
  }

  function isSecret(name) {
    return window.CognitoTables.secretInputs.includes(name);
  }

  /** What a node is set to: in its open dialog if there is one, otherwise as it was saved. */
  function viewOf(node) {
    const saved = {
      read: (name) => node[name],
      // The editor learns of a node's secrets only when its dialog opens.
      hasSecret: (name) =>
        !node.credentials || Boolean(node.credentials[name]) || node.credentials[`has_${name}`] === true,
    };
    return openDialogs.get(node.id) ?? saved;
  }

  /** The API of the user pool that is chosen; undefined while none is, or when only the server knows. */
  function apiOf(read) {
    const pool = RED.nodes.node(read('userPool'));
    if (!pool) return undefined;
    const api = pool.api || 'server-side';
    return window.CognitoTables.apis.includes(api) ? api : undefined;
  }

  /** Those of some inputs that mean something on the API of the chosen user pool. */
  function usable(inputs, read) {
    const api = apiOf(read);
    const { inputApis } = window.CognitoTables;
    return inputs.filter((name) => api === undefined || (inputApis[name] ?? api) === api);
  }

  // ---- What tests have found out

  /** The flows that app clients have not enabled, by user pool node and what it names; for as long as the editor is open. */
  const disabledFlows = new Map();

  function clientKey({ id, userPoolId, clientId, api }) {
    return JSON.stringify([id, userPoolId, clientId, api || 'server-side']);
  }

  /** Remembers which flows an app client has not enabled. @param pool the settings of a user pool node, and its id */
  function rememberClient(pool, flows) {
    disabledFlows.set(clientKey(pool), flows);
  }

  /** A flow's name, marked where the last test of the chosen user pool has found it not enabled. */
  function flowLabel(read, flow) {
    const pool = RED.nodes.node(read('userPool'));
    const isDisabled = pool && disabledFlows.get(clientKey(pool))?.includes(flow);
    return isDisabled ? text('options.disabledFlow', { flow }) : flow;
  }

  // ---- Validation

  function isBlank(view, name) {
    if (view.read(`${name}Type`) === 'cred') return !view.hasSecret(name);
    return (view.read(name) ?? '') === '';
  }

  /** Tells which inputs are given something. */
  function givenIn(view) {
    return (name) => !isBlank(view, name);
  }

  /** JSON that stands in the flow file: an object, without secrets. */
  function objectProblem(name, json) {
    let value;
    try {
      value = JSON.parse(json);
    } catch (error) {
      return text('validation.json', { input: labelOf(name), error: error.message });
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return text('validation.object', { input: labelOf(name) });
    }
    const secret = isSecret(name) && window.CognitoTables.secretParameters.find((parameter) => parameter in value);
    return secret ? text('validation.secret', { input: labelOf(name), parameter: secret }) : undefined;
  }

  /** Why an input is not valid, if it is not. */
  function problemOf(node, name, step) {
    const view = viewOf(node);
    const { inputs, required } = step(view.read, givenIn(view));
    if (!inputs.includes(name)) return undefined;

    if (isBlank(view, name)) {
      const group = required.find((names) => names.includes(name));
      // A credential that is to be the usual one of a group, and is empty, was forgotten.
      const isForgotten = name === group?.[0] && view.read(`${name}Type`) === 'cred';
      const missing = isForgotten || group?.every((other) => isBlank(view, other));
      return missing ? text('validation.required', { input: group.map(labelOf).join(' / ') }) : undefined;
    }
    const type = view.read(`${name}Type`);
    const value = view.read(name);
    if (type === 'cred' || isVariable(value)) return undefined;
    if (type === 'json') return objectProblem(name, value);
    const path = type === 'flow' || type === 'global' ? value.replace(/^#:\([^)]*\)::/, '') : value;
    const valid = RED.utils.validateTypedProperty(path, type, { label: labelOf(name) });
    return valid === true ? undefined : valid;
  }

  /** In the form that Node-RED asks for: it shows a text as the reason to callers that pass options. */
  function answer(problem, opt) {
    return problem === undefined || (opt ? problem : false);
  }

  /**
   * A validator for one input.
   * @param step tells from the settings, and from which inputs are given, which are in use, and which of those are needed
   */
  function validator(name, step) {
    return function (_value, opt) {
      return answer(problemOf(this, name, step), opt);
    };
  }

  // ---- Rows

  function typesOf(name, choices, read) {
    const choice = choices[name];
    if (choice) {
      const options = choice.options(read);
      const current = read(name) ?? '';
      const isKnown = options.some(({ value }) => value === current);
      // What was chosen stays chosen, also where it no longer fits: the validator says so.
      const kept = isKnown || read(`${name}Type`) !== choice.type ? [] : [{ value: current, label: current }];
      const type = {
        value: choice.type,
        label: text('types.choice'),
        icon: 'fa fa-list-ul',
        options: [...options, ...kept],
      };
      return [type, ...(choice.others ?? ['msg', 'flow', 'global', 'str', 'jsonata', 'env'])];
    }
    const isObject = window.CognitoTables.objectInputs.includes(name);
    if (isSecret(name)) return [...(isObject ? ['json'] : []), 'cred', 'msg', 'flow', 'global', 'jsonata', 'env'];
    return isObject ? ['json', 'msg', 'flow', 'global', 'jsonata'] : ['msg', 'flow', 'global', 'str', 'jsonata', 'env'];
  }

  function buildRow(name) {
    const id = `cognito-input-${name}`;
    const label = $('<label>', { for: `${id}-value` });
    $('<i>', { class: `fa fa-fw ${icons[name] ?? 'fa-sliders'}` }).appendTo(label);
    label.append(' ', $('<span>').text(labelOf(name)));
    const field = $('<input>', { type: 'text', id, style: 'width: 70%', 'aria-label': labelOf(name) });
    field.attr('autocomplete', 'off'); // among the properties above it would call jQuery UI's widget of that name
    return { row: $('<div>', { class: 'form-row' }).append(label, ' ', field), field };
  }

  /** Keeps what is typed as a secret and what names a place apart when the type changes: one must never become the other. */
  function keepSecretApart(field, initial) {
    const kept = { secret: '', place: '', ...initial };
    let wasSecret = field.typedInput('type') === 'cred';
    field.on('change keyup', () => {
      const isNowSecret = field.typedInput('type') === 'cred';
      if (isNowSecret === wasSecret) {
        kept[wasSecret ? 'secret' : 'place'] = field.typedInput('value');
        return;
      }
      wasSecret = isNowSecret;
      field.typedInput('value', kept[wasSecret ? 'secret' : 'place']);
    });
  }

  function secretOf(node, name) {
    const { credentials } = node;
    return credentials?.[name] || (credentials?.[`has_${name}`] ? keptSecret : '');
  }

  function showProblem(node, name, field) {
    const valid = node._def.defaults[name].validate?.call(node, node[name], {}) ?? true;
    const isValid = valid === true;
    const box = field.next('.red-ui-typedInput-container');
    field.add(box).toggleClass('input-error', !isValid);
    box.find('.red-ui-typedInput-input').attr('aria-invalid', String(!isValid));
    field.data('problem')?.delete();
    field.data('problem', isValid ? null : RED.popover.tooltip(box, valid));
  }

  /**
   * Names each field by its labels. Node-RED 5 puts the reason why a field is wrong in place of its name, and leaves it
   * there when the field is right again; labels go before that.
   */
  function nameFields() {
    const labels = new Map();
    for (const label of $('.cognito-dialog').last().find('label[for]').get()) {
      const field = document.getElementById(label.htmlFor);
      if (!field) continue;
      labels.set(field, [...(labels.get(field) ?? []), label]);
      label.id = `${label.htmlFor}-label-${labels.get(field).length}`;
    }
    for (const [field, named] of labels) field.setAttribute('aria-labelledby', named.map(({ id }) => id).join(' '));
  }

  /**
   * Fills a node's dialog with rows for its inputs, and keeps it in step with what is chosen.
   * @param names every input, in the order to show them in
   * @param choices the inputs with known values: their type, their options for the settings as they are, and the other
   *   types, unless every type is one
   * @param types the inputs that take other types of values than most
   * @param step tells which inputs are in use and which of those are needed, as for `validator`
   * @param layout tells from the settings, and from which inputs are given, which belong into which part of the dialog
   */
  function open(node, { names, choices, types = {}, step, layout }) {
    const fields = {};
    const rows = {};
    const lastOptions = {};
    let lastLayout;

    const read = (name) => {
      const plain = $(`#node-input-${name}`);
      if (plain.length > 0) return plain.is(':checkbox') ? plain.prop('checked') : plain.val();
      const input = name.endsWith('Type') ? name.slice(0, -'Type'.length) : name;
      const field = fields[input];
      if (!field) return node[name];
      return field.typedInput(input === name ? 'value' : 'type');
    };
    const hasSecret = (name) => (fields[name]?.typedInput('value') ?? '') !== '';
    const isGiven = givenIn({ read, hasSecret });

    function refresh() {
      for (const [name, choice] of Object.entries(choices)) {
        const options = JSON.stringify(choice.options(read));
        if (options === lastOptions[name]) continue;
        lastOptions[name] = options;
        fields[name].typedInput('types', typesOf(name, choices, read));
      }
      const parts = layout(read, isGiven);
      if (JSON.stringify(parts) !== lastLayout) {
        lastLayout = JSON.stringify(parts);
        for (const row of Object.values(rows)) row.hide();
        for (const [part, inputs] of Object.entries(parts)) {
          for (const name of inputs) rows[name].appendTo(`#cognito-inputs-${part}`).show();
        }
      }
      // Of several that will do, the first one is the usual one.
      const needed = step(read, isGiven).required.map(([first]) => first);
      for (const name of names) {
        rows[name].toggleClass('cognito-required', needed.includes(name));
        $(`#cognito-input-${name}-value`).attr('aria-required', String(needed.includes(name)));
      }
      for (const name of names) showProblem(node, name, fields[name]);
      $('#node-input-name').trigger('keyup'); // Node-RED then validates its own inputs, all of them
    }

    for (const name of names) {
      const { row, field } = buildRow(name);
      rows[name] = row.appendTo('#cognito-inputs-main');
      const type = node[`${name}Type`];
      const place = node[name] ?? '';
      const secret = secretOf(node, name);
      field.val(type === 'cred' ? secret : place);
      const saved = (property) => node[property];
      field.typedInput({ default: type, types: types[name] ?? typesOf(name, choices, saved) });
      if (choices[name]) lastOptions[name] = JSON.stringify(choices[name].options(saved));
      field
        .next('.red-ui-typedInput-container')
        .find('.red-ui-typedInput-input')
        .attr('id', `${field.attr('id')}-value`);
      if (isSecret(name)) keepSecretApart(field, { secret, place });
      fields[name] = field;
    }
    openDialogs.set(node.id, { read, hasSecret, names });
    for (const field of Object.values(fields)) field.on('change keyup paste', refresh);
    $('#node-input-userPool, .cognito-checkbox, .cognito-select').on('change', refresh);
    refresh();
    nameFields();
  }

  function saveSecret(node, name, secret) {
    if (secret === keptSecret) return;
    const { credentials } = node;
    if (secret === '' && !credentials[name] && !credentials[`has_${name}`]) return;
    credentials[name] = secret;
    credentials[`has_${name}`] = secret !== '';
  }

  /** Takes over what the dialog shows. A secret that is no longer used is forgotten. */
  function save(node) {
    const { read, names } = openDialogs.get(node.id);
    for (const name of names) {
      const type = read(`${name}Type`);
      const isCredential = type === 'cred';
      if (isSecret(name)) saveSecret(node, name, isCredential ? read(name) : '');
      node[name] = isCredential ? '' : read(name);
      node[`${name}Type`] = type;
    }
    close(node);
  }

  /** Lets validators see what a dialog shows before it is saved. */
  function register(node, read) {
    openDialogs.set(node.id, { ...viewOf(node), read });
    nameFields();
  }

  /** Forgets a dialog. */
  function close(node) {
    openDialogs.delete(node.id);
  }

  return {
    text, isVariable, keptSecret, apiOf, usable, rememberClient, flowLabel, viewOf, answer, validator, open, register,
    save, close,
  };
})();
