import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import 'should';

const nodes = path.resolve(__dirname, '../../../../nodes');
const types = readdirSync(nodes).filter((name) => name !== 'lib');

/** What all others are translated from. */
const original = 'en-US';

/** Folders that Node-RED finds for a language and its regions: `es` for es-ES, which its own menu offers. */
const translations = ['de', 'es', 'fr', 'ja', 'ko', 'pt-BR', 'zh-CN'];

/** Written without spaces, or in letters of their own: English that was left stands out. */
const otherScripts = ['ja', 'ko', 'zh-CN'];

function read(type: string, language: string, extension: 'json' | 'html'): string {
  return readFileSync(path.join(nodes, type, 'locales', language, `${type}.${extension}`), 'utf8');
}

/** A catalogue as `key.below.key` and text, in the order of the file. */
function catalogue(type: string, language: string): Map<string, string> {
  const flatten = (value: unknown, key: string): [string, string][] =>
    typeof value === 'string'
      ? [[key, value]]
      : Object.entries(value as object).flatMap(([name, below]) => flatten(below, key ? `${key}.${name}` : name));
  return new Map(flatten(JSON.parse(read(type, language, 'json')), ''));
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([match]) => match.replace(/\s+/g, ' '));
}

const none = { missing: [], superfluous: [] };

function differences(found: readonly string[], wanted: readonly string[]): { missing: string[]; superfluous: string[] } {
  return {
    missing: wanted.filter((name) => !found.includes(name)),
    superfluous: found.filter((name) => !wanted.includes(name)),
  };
}

/** What the reader of a help page sees, without code and without types, whose names some languages keep. */
function visible(html: string): string {
  return html
    .replace(/<code>[\s\S]*?<\/code>/g, '')
    .replace(/<span class="property-type">[^<]*<\/span>/g, '')
    .replace(/<wbr>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The paragraphs, terms, definitions, headings and links of a help page, one text each. */
function blocks(html: string): string[] {
  return html
    .replace(/<pre>[\s\S]*?<\/pre>/g, '')
    .split(/<\/?(?:p|dt|dd|dl|li|ol|ul|h3|h4|script)\b[^>]*>/)
    .map(visible)
    .filter(Boolean);
}

/** Everything that people read of a type in a language, by where it stands. */
function texts(type: string, language: string): Map<string, string> {
  const help = blocks(read(type, language, 'html')).map((text, index): [string, string] => [`help, text ${index}`, text]);
  return new Map([...catalogue(type, language), ...help]);
}

/** Names of AWS's, of Node-RED's and of ours that mean something to a program: the same in every language. */
const names = /\b[A-Z]+(?:_[A-Z0-9]+)+\b|\b[A-Z][a-z]+(?:[A-Z][a-z]*)+\b|\bmsg(?:\.\w+)+|\b\w+(?:-\w+)*:[A-Z]\w+|\bhttps?:\/\/[\w./-]+\w/g;

function namesIn(text: string): string[] {
  return [...new Set(matches(text, names))].sort();
}

/** English words: neither names, nor abbreviations, nor placeholders. */
function words(text: string): string[] {
  return matches(text.replace(names, '').replace(/__\w+__/g, ''), /(?<![\w.])[a-z]{2,}(?![\w.])/g);
}

/** What has to be alike in the help of every language. */
const helpParts: Record<string, (html: string) => string[]> = {
  'elements and links': (html) => matches(html.replace(/<\/?code>|<wbr>/g, ''), /<[^>]+>/g),
  'contents of <code>': (html) => matches(html, /<code>[\s\S]*?<\/code>/g).sort(),
  'examples of code': (html) => matches(html, /<pre>[\s\S]*?<\/pre>/g),
  'breaks within words': (html) => matches(html, /[\w.:/-]+<wbr>\w+/g).sort(),
};

describe('the languages', () => {
  for (const type of types) {
    it(`of ${type} are those of the project, each with a catalogue and a help page`, () => {
      const folder = path.join(nodes, type, 'locales');
      const found = readdirSync(folder).flatMap((language) =>
        readdirSync(path.join(folder, language)).map((file) => `${language}/${file}`),
      );
      const wanted = [original, ...translations].flatMap((language) =>
        ['html', 'json'].map((extension) => `${language}/${type}.${extension}`),
      );
      differences(found, wanted).should.eql(none);
    });
  }

  for (const language of translations) {
    describe(language, () => {
      for (const type of types) {
        it(`has the keys of ${type}, in their order`, () => {
          const wanted = [...catalogue(type, original).keys()];
          const found = [...catalogue(type, language).keys()];
          differences(found, wanted).should.eql(none);
          found.should.eql(wanted);
        });

        it(`fills the same values into the texts of ${type}`, () => {
          const translated = catalogue(type, language);
          for (const [key, text] of catalogue(type, original)) {
            const placeholders = matches(translated.get(key) ?? '', /__\w+?__/g);
            placeholders.sort().should.eql(matches(text, /__\w+?__/g).sort(), key);
          }
        });

        for (const [part, of] of Object.entries(helpParts)) {
          it(`has the ${part} of the help of ${type}`, () => {
            of(read(type, language, 'html')).should.eql(of(read(type, original, 'html')));
          });
        }

        it(`leaves names in ${type} as they are`, () => {
          const translated = texts(type, language);
          for (const [place, text] of texts(type, original)) {
            namesIn(translated.get(place) ?? '').should.eql(namesIn(text), place);
          }
        });

        it(`says nothing of ${type} in English`, () => {
          const translated = texts(type, language);
          for (const [place, text] of texts(type, original)) {
            // One word may well be the same in two languages.
            if (words(text).length >= 2) translated.get(place)!.should.not.equal(text, place);
          }
        });
      }

      if (otherScripts.includes(language)) {
        it('leaves no English within a sentence', () => {
          for (const type of types) {
            for (const [place, text] of texts(type, language)) {
              matches(text, /(?:\b[a-z]{2,} ){3}[a-z]{2,}\b/g).should.eql([], `${type}: ${place}`);
            }
          }
        });
      }
    });
  }
});
