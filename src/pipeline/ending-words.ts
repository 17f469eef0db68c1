/**
 * The closed classes of English words that the lexical end-of-turn rules look at. Words only, no decisions.
 * Open classes (nouns, most verbs and adjectives) are left out on purpose: a word in no list may end a turn.
 */

export type WordSet = ReadonlySet<string>;

function words(list: string): WordSet {
  return new Set(list.split(/\s+/).filter(Boolean));
}

/** Sounds that hold the floor. */
export const FILLERS = words('uh uhh um umm er erm hm hmm hmmm mm eh');

/** Words that open a clause and carry nothing; what follows them is judged as if they were not there. */
export const MARKERS = words(
  'so and but well okay ok yeah yes right alright oh now hey sorry hmm uh um no then like or',
);

/** Openers that answer nothing when they stand alone: the speaker is about to begin. */
export const BARE_OPENERS = words(
  'so and but well anyway anyways now look listen like also actually basically honestly first firstly secondly plus',
);

/** Comments on a sentence; the words before them decide. */
export const SENTENCE_ADVERBS = words('actually honestly basically obviously anyway anyways literally');

export const COORDINATORS = words('and or but nor plus');

/** Articles, possessives and quantifiers that need a noun. */
export const DETERMINERS = words(
  'a an the my your our their its every another various several certain whose which',
);

export const ORDINALS = words('first second third fourth fifth sixth seventh eighth ninth tenth');

/** Adjectives that need their noun when an article or possessive stands before them. */
export const ATTRIBUTES = words(
  `main whole entire actual other next last only new old big small current previous certain single particular specific
   different biggest ${[...ORDINALS].join(' ')}`,
);

export const SUBORDINATORS = words(
  'if whether because although unless until till while when whenever where wherever who whom since whereas once',
);

/** Subordinators that promise a main clause when they open the sentence. */
export const CLAUSE_OPENERS = words(
  'if when whenever once after before unless although though since while as until',
);

export const WH_WORDS = words('what who whom which where when why how whose');

export const WH_CONTRACTIONS = words("what's who's where's when's why's how's what're who're where're");

/** Prepositions that need something after them unless a question or relative clause took it to the front. */
export const PREPOSITIONS = words(
  `of from to at into onto with for on in by about than as between without during via per toward towards against
   among upon within regarding including concerning besides except beyond behind despite versus like`,
);

/** Prepositions that never stay behind at the end. */
export const NEVER_STRANDED = words('between than during into per without as upon within including despite like');

/** After these, a final "to" starts an infinitive. */
export const INFINITIVE_OPENERS = words(
  `way able going gonna want wanted wants like need needs needed try tried trying tries have has had supposed
   possible how what where when order used ought easy hard ready best time chance hoping wanting looking wish
   decided plan easier`,
);

/** These hang only after an auxiliary: "it's around". */
export const LOOSE_PREPOSITIONS = words('around over through under');

/** Short questions of two words: "what for", "where from". */
export const SHORT_QUESTION_ENDS = words('for to from with');

/** Before a final "like": "what would that be like". */
export const BEFORE_FINAL_LIKE = words('look looks sound sounds feel feels be seem');

/** After these, a final "to" stands for the whole infinitive: "i'd be happy to". */
export const WILLING = words('love happy glad willing not prefer');

/** Verbs that a final "in", "on" or "by" completes. */
export const PARTICLE_VERBS: Readonly<Record<string, WordSet>> = {
  in: words(
    `log logs logged logging sign signed signing come comes came coming check checked checking fill filled drop
     dropped plug plugged dial dialed call called calling move moved opt opted kick type typed settled built all
     weigh breathe let bring take get`,
  ),
  on: words(
    `hold holds holding go goes going went come hang carry carried move moved turn turned turns log sign later early
     so keep switch switched try put what`,
  ),
  by: words('stop stopped come drop dropped pass passed go goes went near'),
};

export const SUBJECT_PRONOUNS = words('i we they he she');
export const OBJECT_PRONOUNS = words('it them that this me us him her');
export const DEMONSTRATIVES = words('this that these those there');
export const PRONOUNS = words('i we they he she you it this that there these those');

/** "i'm good and you", "same as you". */
export const BEFORE_FINAL_YOU = words('and after before than as like');

/** A pronoun after one of these begins a clause. */
export const BEFORE_NEW_CLAUSE = words('so then before after as');

export const BE_FORMS = words("is are was were am isn't aren't wasn't weren't");

export const AUXILIARIES = words(
  `is are was were am be been being do does did have has had can could will would shall should may might must isn't
   aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't cannot couldn't won't wouldn't shouldn't
   mustn't ain't gonna gotta`,
);

export const NEGATED = words(
  `isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't cannot couldn't won't wouldn't
   shouldn't ain't`,
);

/** A pronoun with its verb: a sentence has begun. */
export const OPEN_CONTRACTIONS = words(
  `i'm you're he's she's it's we're they're that's there's here's this's i've you've we've they've i'll you'll
   he'll she'll it'll we'll they'll that'll there'll i'd you'd he'd she'd it'd we'd they'd that'd let's what's
   who's where's when's why's how's what're who're there're`,
);

/** Words before "it is", "we do" that make it an answer. */
export const ANSWER_OPENERS = words(
  `yes yeah yep yup no nope nah sure oh well actually of course i think guess suppose know hope okay right and but
   exactly sadly unfortunately`,
);

/** "i do", "we did": answers in themselves, unlike "we have". */
export const ANSWERS_ALONE = words('do does did am');

/** Auxiliaries that are main verbs as well: "what do you do", "that's all we have". */
export const MAIN_VERB_AUXILIARIES = words('do does did have has had be been');

/** "as soon as i can", "if you could". */
export const COMPARING = words('than as if when');

export const BEFORE_FINAL_TO_BE = words('used supposed need needs ought what how way');

/** Adverbs that need the rest of their clause when a subject or auxiliary stands before them. */
export const MID_CLAUSE_ADVERBS = words(
  `really already never always still probably definitely usually currently not maybe perhaps recently actually only
   also often sometimes mostly almost nearly generally normally certainly simply constantly completely totally`,
);

/** Adverbs and degree words that always need what they belong to. */
export const HANGING_ADVERBS = words('just even very quite such rather pretty extremely super somewhat fairly');

/** Verb forms that announce words or a clause. */
export const ANNOUNCING_VERBS = words('named saying means says keeps seems wondering includes involves requires');

/** After an auxiliary these announce what comes: "i was thinking". */
export const ANNOUNCING_PARTICIPLES = words('thinking hoping trying asking planning telling supposed');

export const INDEFINITE = words('a an some something someone one');

/** "i think", "she said": complete as a comment after a sentence, open as the start of one. */
export const OPINION_VERBS = words(
  'think guess believe suppose figured thought feel mean said say says told heard',
);
export const SPEAKERS = words('i we you they he she');

/** Verbs that need an object, unless it stands in front or they are passive. */
export const TRANSITIVE_VERBS = words(
  `need needs needed want wanted wants got bought prefer told give gave put bring brings make makes made send sends
   sent take takes took get gets let keep kept shows include uses had spent`,
);
export const PASSIVE_MAKERS = words(
  "is are was were be been being get got gets it's they're that's i'm we're you're hasn't",
);

/** Before "so" these make it a finished answer: "i think so", "an hour or so". */
export const BEFORE_FINAL_SO = words(
  'think guess hope say said says suppose afraid believe do did or not even why told',
);

/** "just this once", "ever since". */
export const BEFORE_FINAL_ONCE = words('at than just only this ever long');

/** "not sure when", "i forget who". */
export const BEFORE_FINAL_WH = words('since sure know say said idea out exactly forget remember');

/** Before "that" these make it open a clause. */
export const BEFORE_OPEN_THAT = words(
  `think thought believe guess hope suppose hoping sure me him them us things something except given now such
   saying said says told fact so mentioned`,
);

/** What a relative clause hangs on: "that's all i can think of". */
export const RELATIVE_HEADS = words(
  `what who whom where which how all one ones thing things something nothing anything everything someone anyone
   somebody anybody person people place way else`,
);

/** With one of these before it, a relative clause is an object or complement and can end the turn. */
export const CLAUSE_HOLDERS = words(
  `that's it's is was are isn't wasn't not there's know knows sure tell remember see idea understand explain show
   find ask wonder have has got need want with me`,
);

/** Nouns that, as a bare phrase, announce the sentence to come: "my main concern". */
export const ANNOUNCING_NOUNS = words(
  `concern concerns problem problems question questions issue issues thing reason point idea goal challenge
   difference worry news`,
);

/** Whole phrases that only lead up to something, said alone. */
export const LEAD_INS: readonly string[] = [
  'first of all', 'for example', 'for instance', 'on the other hand', 'on the one hand', 'in other words',
  'to be honest', 'in fact', 'by the way', 'on top of that', 'other than that', 'apart from that', 'in addition',
  'for one thing', 'at the same time', 'speaking of which', 'not only that', 'long story short', 'in that case',
  'let me see', 'let me think', "let's see", 'like i said', 'as i said', 'as i mentioned', 'as i mentioned before',
  'as you know', 'in my case', 'what i mean is', 'to start with', 'at first', 'at this point', 'and stuff like',
];

export const DIGIT_WORDS = words('zero one two three four five six seven eight nine oh o');
export const TENS = words('twenty thirty forty fifty sixty seventy eighty ninety');

/** A final one of these belongs to a spelled address or number that goes on. */
export const SPELLING_JOINTS = words('dot underscore dash hyphen slash double triple');
