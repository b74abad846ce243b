"""What people do: the nouns of posts, and a stated role cut into title and organisation."""

import re

from .lists import word_list

ROLE_NOUNS = frozenset(
    word_list(
        "actor activist adviser advisor advocate ambassador analyst archbishop architect artist assistant "
        "associate "
        "attorney author backbencher baker barrister bishop boss broadcaster brother builder burgess "
        "cabinet-secretary "
        "campaigner candidate captain carer chair chairman chairperson chairwoman chairs chancellor chef "
        "chemist chief "
        "clerk clinician co-author co-chair co-director co-founder co-leader coach colonel columnist "
        "commander "
        "commissioner comptroller congressman congresswoman constable consultant convener convenor "
        "coordinator "
        "co-ordinator coroner correspondent councillor councilman councilwoman counsel counsellor "
        "counselor creator "
        "curator dad daughter dean delegate dentist deputy designer detective developer diplomat director "
        "doctor "
        "driver economist editor educator elder engineer envoy epidemiologist ex-minister executive expert "
        "farmer "
        "father fellow fighter filmmaker firefighter fisherman founder friend frontbencher gardener "
        "general geographer "
        "governor gp graduate grandmother grandfather guitarist head headmaster headmistress headteacher "
        "historian "
        "husband inspector instructor investigator investor journalist judge justice keeper landlord "
        "landlady lawmaker "
        "lawyer lead leader lecturer legislator librarian lieutenant magistrate manager marshal mayor "
        "mechanic medic "
        "member microbiologist midwife minister moderator mother mp mep msp mum mom musician naturalist "
        "negotiator "
        "neighbour neighbor neurologist nominee novelist nurse officer official ombudsman operator "
        "organiser organizer "
        "owner paediatrician parent parliamentarian partner pastor patient patron pharmacist photographer "
        "physician "
        "physicist pilot planner player plumber poet police-chief policymaker pollster pope premier "
        "president priest "
        "primate principal producer professor programmer prosecutor provost psychiatrist psychologist "
        "publisher pundit "
        "pupil rabbi ranger reader rector registrar regulator relative reporter representative researcher "
        "resident "
        "retailer reverend scholar scientist secretary senator sergeant sheriff shopkeeper singer sister "
        "sociologist "
        "solicitor son specialist speaker spokesman spokesperson spokeswoman spouse statistician "
        "strategist student "
        "superintendent superviser supervisor surgeon survivor taoiseach teacher teenager tenant "
        "toxicologist trader "
        "treasurer trustee trustees tutor undersecretary under-secretary uncle aunt user vet veterinarian "
        "vicar "
        "vice-chair vice-chairman vice-chancellor vice-president victim volunteer warden whip "
        "whistleblower widow "
        "widower wife worker writer youngster youth zoologist td tds mla ms "
        "sponsor opponent supporter critic ally backer star runner rider walker swimmer climber sailor "
        "soldier veteran refugee "
        "claimant applicant customer passenger motorist traveller visitor housemate roommate classmate "
        "colleague collaborator "
        "donor benefactor witness juror defendant plaintiff complainant employer employee freelancer miner "
        "docker childminder "
        "nanny hairdresser barber carpenter electrician joiner welder waiter waitress barista bartender "
        "florist forester "
        "winemaker grower breeder fishmonger caretaker cabbie courier paralegal undertaker signatory "
        "petitioner allotment-holder "
        "porter bricklayer roofer plasterer scaffolder decorator labourer picker packer cashier tailor "
        "jeweller potter weaver "
        "printer sculptor painter illustrator animator playwright screenwriter songwriter bellringer "
        "sexton curate bursar janitor "
        "lifeguard coastguard bodyguard dispatcher controller radiographer doula handler courtier busker "
        "angler rower refuser "
        "organiser-in-chief investigator-in-chief headmaster deputy-head childcarer evacuee trainee "
        "detainee evictee "
        "leaseholder shareholder stallholder bereaved pathologist matron midwife sommelier teen toddler "
        "sufferer "
        "activist-in-chief ceo cfo cto coo md cllr pc "
        "dc ds di "
        "dci dcc acc supt chiefs ministers lord-lieutenant pensioner grandma granddad mum-of-two shopper "
        "commuter "
        "ecologist hydrologist biologist geologist climatologist meteorologist conservationist "
        "environmentalist "
        "philanthropist entrepreneur businessman businesswoman contractor technician paramedic cyclist "
        "psychotherapist "
        "peer baroness lord treasurer-elect president-elect caseworker lobbyist columnists shepherd "
        "skipper trainer "
        "tsar czar watchdog champion postman gran nan granny grandson granddaughter niece nephew cousin "
        "boyfriend girlfriend fiance fiancee fiancé fiancée ambassador sportsman goalkeeper striker winger "
        "bandmate aide adviser's insider source bidder steward captain-elect blogger vlogger influencer "
        "podcaster presenter host comedian musician dj rapper drummer composer conductor dancer "
        "apprentice intern recruiter auditor accountant banker broker surveyor valuer planner-in-chief "
        "archivist linguist imam cardinal nun monk deacon verger chaplain minister-in-charge negotiator "
        "referee umpire manager-elect ghillie crofter  shadow counterpart predecessor successor evangelist "
        "naturalists angler beekeeper brewer butcher grocer publican postmaster "
        "housewife cleaner cook campaign-manager commodore admiral major corporal private brigadier"
    )
)
ORGANISATION_WORDS = frozenset(
    word_list(
        "academy action administration agency alliance army assembly associates association associations "
        "authority bank "
        "bbc board bureau cabinet campaign cancer care center centre chamber charity church churches club "
        "coalition "
        "college commission committee community company confederation congress consortium cooperative corp "
        "corporation "
        "council councils court department directorate enterprise enterprises energy europe executive-agency "
        "federation film force forum foundation fund gazette group guardian guild herald hospital house "
        "housing inc "
        "industries initiative inquiry institute institution international lab laboratory labs league "
        "limited llc "
        "llp lords ltd media ministry mirror mission mosque movement museum nations network news ngo nhs "
        "office "
        "organisation organization parents parish parliament partners partnership party people plc police "
        "post press "
        "project rail research review rights royal school schools senate service services society standard "
        "star "
        "state states street studies syndicate systems team technologies telegraph times tribunal trust "
        "trusts "
        "uk union unions unit university "
        "us usa voice watch water welfare whitehall works world youthnet bill act act, report survey "
        "regulations "
        "guidelines strategy plan programme program summit conference scheme day week road avenue lane "
        "county city "
        "district park river lake hill valley north south east west northern southern eastern western "
        "central "
        "national local regional public global united green digital online labour conservative conservatives "
        "democrats democrat republican republicans tory tories lib liberal greens snp coast bay island "
        "islands "
        "britain england scotland wales ireland london australia america americans british english "
        "scottish welsh "
        "january february march april june july august september october november december monday tuesday "
        "wednesday "
        "thursday friday saturday sunday christmas easter commons homes bridge square airport station farm "
        "infirmary "
        "health education justice transport environment defence defense culture affairs treasury prison "
        "prisons oral mental holdings solutions support concern relief aid alert shelter survivors refuge "
        "insights analytics"
    )
)
"""Words that no person is called by: a run of capitals that holds one is no name."""
_JOINT = re.compile(
    r"\s(?:at|with|from)\s(?:the\s)?|\sof\s(?:the\s)?(?=[A-Z])|\sfor\s(?:the\s)?(?=[A-Z])|,\s(?=[A-Z])"
)
_CLAUSE = re.compile(r",?\s(?:who|which|whose|that has|that is)\s")
_LEADING = re.compile(r"((?:[A-Z][\w'’&.-]*\s){1,6})")
_POSSESSIVE = re.compile(r"(.{2,80}?)[’']s?\s(.+)")
_ARTICLE = re.compile(r"(?:the|a|an|its|their|our|his|her)\s+", re.IGNORECASE)
_NOT_ONE = frozenset(
    word_list(
        "policy care energy housing research studies services health media campaign action state "
        "government water "
        "education justice transport environment defence defense culture affairs treasury prisons mental "
        "schools "
        "welfare security online global public community project programme strategy parliament day north "
        "south east west northern southern eastern western local regional national "
        "digital"
    )
)
"""Words that stand in the names of organisations, and in those of posts as well."""


_PROPER = r"[A-Z][\w’'-]*"
_LISTED = rf"(?:,\s{_PROPER}){{%s}},?\sand\s{_PROPER}(?:\s{_PROPER})?"
DEPARTMENT = re.compile(
    rf"(?<![\w’'-])(?:(?:Departments?|Ministry|Secretary\sof\sState|Minister(?:\sof\sState)?)\s(?:for|of)\s"
    rf"(?:the\s)?{_PROPER}(?:\s{_PROPER})?(?:{_LISTED % '0,3'})?|{_PROPER}{_LISTED % '1,3'}(?<=\sOffice))"
)
"""A department by its name, with the commas in it: "Department for Environment, Food and Rural Affairs"."""
_KEPT = "\ue000"


def cut(at: re.Pattern[str], words: str) -> list[str]:
    """Segments of a phrase, cut at a pattern, but not at a comma within the name of a department."""
    kept = DEPARTMENT.sub(lambda name: name[0].replace(",", _KEPT), words)
    return [segment.replace(_KEPT, ",") for segment in at.split(kept)]


def is_organisation(words: str) -> bool:
    """Whether a run of capitals names one: by an acronym, or a word that only organisations have."""
    first = re.match(
        r"(?:(?:the|[A-Z][\w'’.&-]*|of|for|and|&|in|with|upon|on|council|police|university)\s?){1,9}", words
    )
    named = (first[0] if first else words).split()
    return any(
        (word.isupper() and len(word) > 1 and word.isalpha())
        or (word.lower() in ORGANISATION_WORDS and (len(named) > 1 and word.lower() not in _NOT_ONE))
        for word in named
    )


_SUFFIXES = (
    "ologist",
    "ator",
    "nist",
    "list",
    "rist",
    "dist",
    "mist",
    "tist",
    "cist",
    "ician",
    "woman",
    "rman",
    "sman",
    "tman",
    "master",
)
_NOT_POSTS = frozenset(
    word_list(
        "consist persist elevator calculator indicator generator radiator refrigerator escalator incubator "
        "ventilator alligator "
        "denominator accelerator predator equator checklist shortlist playlist blacklist wishlist human "
        "german dismist enlist"
    )
)


_DOUBLE_BARRELLED = re.compile(r"[a-z]-[A-Z][a-z]")
_PREFIXES = frozenset(
    word_list("vice co deputy ex under sub director attorney solicitor secretary editor governor lord chief")
)


def is_role_noun(word: str) -> bool:
    """Also "mother-of-two", "co-founder", "MPs’", "vice-president"."""
    bare = word.strip(".,;:()\"“”‘’'").lower()
    bare = re.sub(r"[’']s?$", "", bare)
    if bare in ROLE_NOUNS:
        return True
    if "-" in bare:
        parts = bare.split("-")
        if len(parts) == 2 and _DOUBLE_BARRELLED.search(word) and parts[0] not in _PREFIXES:
            return False
        return parts[0] in ROLE_NOUNS or parts[-1] in ROLE_NOUNS
    if word[:1].islower() and len(bare) > 6 and bare.endswith(_SUFFIXES) and bare not in _NOT_POSTS:
        return True
    return bare.endswith("s") and bare[:-1] in ROLE_NOUNS and len(bare) > 4


def is_plural(words: str) -> bool:
    """ "Ministers", "campaigners in Kent": nobody of them is "he" or "she"."""
    noun = next((word for word in words.split() if is_role_noun(word)), "").lower()
    return noun.endswith(("s", "men", "women")) and noun not in ROLE_NOUNS


def holds_role(words: str) -> bool:
    return any(is_role_noun(word) for word in words.split())


def _is_body(words: str) -> bool:
    return is_organisation(words) or DEPARTMENT.match(words) is not None


def split_role(stated: str) -> tuple[str | None, str | None]:
    """Title and organisation: "Head of Policy at Refuge", "Refuge chair", "the charity's director"."""
    words = stated.strip(" ,;:–—-")
    article = _ARTICLE.match(words)
    words = _CLAUSE.split(words[article.end() :] if article else words, maxsplit=1)[0].strip(" ,")
    if not words:
        return None, None
    possessive = _POSSESSIVE.fullmatch(words)
    if (
        possessive
        and "," not in possessive[1]
        and holds_role(possessive[2])
        and not holds_role(possessive[1])
    ):
        return possessive[2], possessive[1]
    department = DEPARTMENT.match(words)
    if department and not words.startswith(("Secretary", "Minister")):
        name = department[0].split()
        while is_role_noun(name[-1]):
            name.pop()
        body = " ".join(name)
        if holds_role(words[len(body) :]):
            return words[len(body) :].strip(" ,"), body
    listed = [name.span() for name in DEPARTMENT.finditer(words)]
    for joint in _JOINT.finditer(words):
        if joint[0].startswith(",") and any(start < joint.start() < end for start, end in listed):
            continue
        title, organisation = words[: joint.start()], words[joint.end() :]
        named = not joint[0].strip().startswith(("of", "for", ",")) or _is_body(organisation)
        if joint[0].startswith(",") and holds_role(organisation):
            continue
        if holds_role(title) and organisation[:1].isupper() and named:
            return _led(title, organisation)
    return _led(words, None)


def _led(title: str, organisation: str | None) -> tuple[str | None, str | None]:
    """A title that an organisation leads: "NSPCC Head of Policy", "Digital Rights Watch board member"."""
    leading = _LEADING.match(title)
    if leading is None or organisation:
        return title, organisation
    words = leading[0].split()
    cut = next((at for at, word in enumerate(words) if is_role_noun(word)), len(words))
    for at in range(cut, 0, -1):
        last = words[at - 1]
        if (last.isupper() and len(last) > 1) or last.lower() in ORGANISATION_WORDS - _NOT_ONE:
            return title[len(" ".join(words[:at])) :].strip() or None, " ".join(words[:at])
    return title, None
