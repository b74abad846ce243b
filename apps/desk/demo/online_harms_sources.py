"""Where the facts of the Online Harms Bill campaign come from: bodies, people, publications, kept texts.

Parliamentary text is quoted under the Open Parliament Licence v3.0, government text under the Open Government
Licence v3.0. Of the newspaper article only short, attributed excerpts are quoted, and no text is kept.
"""

from datetime import datetime

from apps.accounts.models import User
from apps.desk.demo.scribe import Scribe

OPL = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0."
OGL = "Contains public sector information licensed under the Open Government Licence v3.0."

ORGANISATIONS = (
    ("nspcc", "NSPCC", "https://www.nspcc.org.uk/"),
    ("police", "West Mercia Police", "https://www.westmercia.police.uk/"),
    ("government", "HM Government", "https://www.gov.uk/"),
    (
        "dcms",
        "Department for Digital, Culture, Media and Sport",
        "https://www.gov.uk/government/organisations/department-for-digital-culture-media-sport",
    ),
    ("parliament", "UK Parliament", "https://www.parliament.uk/"),
    ("commons", "House of Commons", "https://www.parliament.uk/business/commons/"),
    ("lords", "House of Lords", "https://www.parliament.uk/business/lords/"),
    ("ofcom", "Ofcom", "https://www.ofcom.org.uk/"),
)

PERSONS = (
    ("burrows", "Andy Burrows", ("Head of Child Safety Online Policy", "nspcc", "", "")),
    (
        "barratt",
        "Damian Barratt",
        ("Chief Superintendent, Head of crime and vulnerability", "police", "", ""),
    ),
    ("merron", "Baroness Merron", ("Member of the House of Lords (Labour)", "lords", "", "")),
    ("morgan", "Baroness Morgan of Cotes", ("Member of the House of Lords (Conservative)", "lords", "", "")),
    (
        "parkinson",
        "Lord Parkinson of Whitley Bay",
        ("Minister speaking for the Government in the House of Lords", "government", "", ""),
        ("Member of the House of Lords (Conservative)", "lords", "", ""),
    ),
)

# short name, title, publisher, published, web address, note
SOURCES = (
    (
        "article",
        "Online child sex offences double in a year in region",
        "Shropshire Star",
        "2020-09-03",
        "",
        "Quoted in short excerpts only: the text belongs to its publisher.",
    ),
    (
        "white-paper",
        "Online Harms White Paper",
        "HM Government",
        "2019-04-08",
        "https://www.gov.uk/government/consultations/online-harms-white-paper/online-harms-white-paper",
        f"Page last updated 15 December 2020. {OGL}",
    ),
    (
        "consultation",
        "Online Harms White Paper: consultation and its outcome",
        "HM Government",
        "2019-04-08",
        "https://www.gov.uk/government/consultations/online-harms-white-paper",
        f"Open from 8 April to 1 July 2019; full response added on 15 December 2020. {OGL}",
    ),
    (
        "lords-2020-02",
        "Online Harms Legislation, House of Lords, 13 February 2020",
        "Hansard, on Parallel Parliament",
        "2020-02-13",
        "https://parallelparliament.co.uk/debate/2020-02-13/lords/lords-chamber/"
        "online-harms-legislation/ministerial-extracts",
        OPL,
    ),
    (
        "connectivity",
        "A new Online Safety Bill in 2021",
        "Connectivity UK",
        "2020-12-15",
        "https://www.connectivityuk.org/2020/12/15/a-new-online-safety-bill-in-2021/",
        "",
    ),
    (
        "queens-speech",
        "The Queen’s Speech",
        "PPA",
        "2021-05",
        "https://ppa.co.uk/article/the-queens-speech",
        "",
    ),
    (
        "ofcom-draft",
        "Ofcom to gain new online safety powers as Government bill published today",
        "Ofcom",
        "2021-05-12",
        "https://ofcom.org.uk/online-safety/illegal-and-harmful-content/"
        "new-online-safety-powers-government-bill-published",
        "",
    ),
    (
        "scrutiny",
        "Online Safety Bill: Parliament and DCMS proceed with separate scrutiny and inquiry into the draft"
        " online safety law",
        "Osborne Clarke",
        "2021-08-19",
        "https://www.osborneclarke.com/insights/"
        "online-safety-bill-parliament-dcms-proceed-separate-scrutiny-inquiry-draft-online-safety-law",
        "",
    ),
    (
        "liaison",
        "Report of the Liaison Committee, paragraphs 142 to 144",
        "House of Lords",
        "2022/2023",
        "https://publications.parliament.uk/pa/ld5803/ldselect/ldliaison/38/3807.htm",
        f"Session 2022–23. {OPL}",
    ),
    (
        "library",
        "Online Safety Bill: progress of the Bill (CBP-9579)",
        "House of Commons Library",
        "2023~",
        "https://commonslibrary.parliament.uk/research-briefings/cbp-9579/",
        "Brought up to date after Royal Assent.",
    ),
    (
        "guardian",
        "Passing of online safety bill delayed as opposition criticise No 10 vacuum",
        "The Guardian",
        "2022-07-13",
        "https://www.theguardian.com/politics/2022/jul/13/"
        "no-10-vacuum-has-made-tories-give-up-on-governing-says-opposition",
        "",
    ),
    (
        "politicshome",
        "Flagship Online Safety Bill Delayed For Second Time In Four Months",
        "PoliticsHome",
        "2022-10",
        "https://www.politicshome.com/news/article/flagship-online-safety-bill-delayed-for-second-time-in-four-months",
        "",
    ),
    (
        "hansard-2022-11",
        "Online Safety Bill, House of Lords, Volume 825, 7 November 2022",
        "Hansard",
        "2022-11-07",
        "https://hansard.parliament.uk/lords/2022-11-07/debates/"
        "5870CB84-8808-4BB6-8F3D-506D107D2D69/OnlineSafetyBill",
        OPL,
    ),
    (
        "officials",
        "Online Safety Bill at risk of being ditched due to delays, ministers warned",
        "The i, as posted on tiob.org.uk",
        "2022-11-21",
        "https://www.tiob.org.uk/2022/11/21/"
        "online-safety-bill-at-risk-of-being-ditched-due-to-delays-ministers-warned/",
        "",
    ),
    (
        "mordaunt",
        "Penny Mordaunt confirms Online Safety Bill will return to Parliament next month",
        "Yahoo News UK",
        "2022-11",
        "https://uk.news.yahoo.com/penny-mordaunt-confirms-online-safety-131215093.html",
        "",
    ),
    (
        "business-2022-12",
        "House of Commons business, 5 December 2022",
        "UK Parliament",
        "2022-12-05",
        "https://commonsbusiness.parliament.uk/Document/61455/Html?subType=Standard",
        OPL,
    ),
    (
        "recommitted",
        "Online Safety Bill (re-committed Clauses and Schedules): call for evidence",
        "UK Parliament",
        "2022-12-07",
        "https://www.parliament.uk/business/news/2022/december-2022/"
        "online-safety-bill-recommitted-clauses-and-schedules-call-for-evidence/",
        OPL,
    ),
    (
        "commons-2023-01",
        "Online Safety Bill, House of Commons, 17 January 2023",
        "Hansard, on TheyWorkForYou",
        "2023-01-17",
        "https://www.theyworkforyou.com/debates/?id=2023-01-17c.266.0",
        OPL,
    ),
    (
        "lords-news",
        "Online Safety Bill completes passage through parliament",
        "UK Parliament",
        "2023-09-20",
        "https://www.parliament.uk/business/news/2023/january-2023/lords-scrutinises-online-safety-bill",
        OPL,
    ),
    (
        "lords-2023-04",
        "Online Safety Bill, Committee (1st Day), House of Lords, 19 April 2023",
        "Hansard, on Parallel Parliament",
        "2023-04-19",
        "https://www.parallelparliament.co.uk/debate/2023-04-19/lords/lords-chamber/online-safety-bill",
        OPL,
    ),
    (
        "horizon",
        "The UK’s Online Safety Bill: Royal Assent is on the horizon!",
        "DAC Beachcroft",
        "2023-07-24",
        "https://dacbeachcroft.com/en/what-we-think/the-uks-online-safety-bill-royal-assent-is-on-the-horizon",
        "",
    ),
    (
        "lords-2023-09",
        "Online Safety Bill, Third Reading, House of Lords, 6 September 2023",
        "Hansard, on Parallel Parliament",
        "2023-09-06",
        "https://parallelparliament.co.uk/mp/lord-clement-jones/debate/Lords/2023-09-06/debates/"
        "4AC6A32E-0C53-46C7-A714-AD4165C484D7/OnlineSafetyBill",
        OPL,
    ),
    (
        "hansard-2023-09",
        "Online Safety Bill, Commons Amendments and Reasons, House of Lords, Volume 832, 19 September 2023",
        "Hansard",
        "2023-09-19",
        "https://hansard.parliament.uk/lords/2023-09-19/debates/076ACAC5-EBD0-46ED-A8F4-755C0811968E/Debate",
        OPL,
    ),
)

SNAPSHOTS = {
    "lords-2020-02": (
        "There is widespread consensus that online platforms must do more to make sure their services are"
        " safe for all users, particularly children, while also promoting freedom of expression online.\n\n"
        "The response set out our proposed direction of travel following the consultation process. We will"
        " publish a full response in the spring before bringing forward legislation."
    ),
    "hansard-2022-11": (
        "The inquest into the heartbreaking death of Molly Russell highlights the importance of holding"
        " technology companies to account to keep their users, particularly children, safe online. That is"
        " why we are bringing forward the Online Safety Bill, why the strongest protections in the Bill are"
        " for children and why I look forward to debating it in your Lordships’ House.\n\n"
        "My Lords, I welcome the Minister back to the Front Bench. His former boss, Theresa May, launched the"
        " online harms agenda, which we on these Benches supported. Yet, three Prime Ministers later, we are"
        " still waiting for this crucial legislation to reach your Lordships’ House. Other noble Lords have"
        " noted that the Bill must be completed in this Session, as it has already been carried over. If"
        " repeated delays mean that the Bill’s passage conflicts with plans for winding up this Session, will"
        " the Government extend the Session to get the protections on to the statute book or simply drop the"
        " Bill?"
    ),
    "lords-2023-09": (
        "I hope that this Bill will be used as a model for cross-party, non-partisan engagement in how we"
        " make a Bill as good as it possibly can be—particularly when it is as ground-breaking and novel as"
        " this one is."
    ),
    "hansard-2023-09": (
        "My Lords, I am very conscious that this is not the end of the road. As noble Lords have rightly"
        " pointed out in wishing the Bill well, attention now moves very swiftly to Ofcom, under the able"
        " chairmanship of the noble Lord, Lord Grade of Yarmouth, who has participated, albeit silently, in"
        " our proceedings before, and to the team of officials who stand ready to implement this swiftly."
    ),
}
"""Extracts of the pages, word for word, against which the quotes are checked."""


def write_sources(scribe: Scribe, *, by: User, at: datetime) -> None:
    for short, title, url in ORGANISATIONS:
        scribe.organisation(short, title, url, by=by)
    for short, name, *posts in PERSONS:
        scribe.person(short, name, *posts, by=by)
    for short, title, publisher, published, url, note in SOURCES:
        scribe.source(short, title, publisher=publisher, published=published, url=url, note=note, by=by)
    for short, text in SNAPSHOTS.items():
        scribe.snapshot(short, text, by=by, at=at)
