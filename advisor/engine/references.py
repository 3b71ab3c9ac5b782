"""What the advice rests on: every published source that a rule, a weight or a question may cite, by a readable key.

A title is the page's own where it is known, otherwise a plain description. `note` holds what helps a reader to judge the source: who
paid, what the author sells, how old it is, whether the address is a copy. Pages whose figures trace to nothing are left out on purpose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Reference:
    """One source. `key` never changes once used: rules, guide entries and stored advice point at it."""

    key: str
    url: str
    title: str
    publisher: str
    note: str = ""


_GUIDE = (
    Reference(
        "guide",
        "https://cellcarta.com/science-hub/cro-vs-cmo-vs-cdmo",
        "CRO vs CMO vs CDMO",
        "CellCarta",
        "10 June 2025; written at a CRO, and the close recommends a precision-medicine CRO",
    ),
)

# Which kind of partner, and whether one or several.
_PARTNER_MODEL = (
    Reference(
        "patheon-cdmo-vs-cmo",
        "https://www.patheon.com/content/patheon/us/en/insights-resources/blog/cdmo-vs-cmo-vs-cro.html",
        "CDMO vs CMO vs CRO (newer text, with an integrated CDMO and CRO row)",
        "Patheon, Thermo Fisher Scientific",
        "provider's blog; the group sells all three kinds of service and their combination",
    ),
    Reference(
        "patheon-older-text",
        "https://patheon.com/us/en/insights-resources/blog/cdmo-vs-cmo-vs-cro.html",
        "CDMO vs CMO vs CRO (older text)",
        "Patheon, Thermo Fisher Scientific",
        "provider's blog; older text of the same page, puts CROs at early stage",
    ),
    Reference(
        "synerg-three-kinds",
        "https://staging.synergbiopharma.com/?p=22211",
        "Outsourcing Partners in Biopharma: CRO vs CMO vs CDMO",
        "Synerg BioPharma",
        "company blog, read on a staging copy of the site",
    ),
    Reference(
        "sciencelantern-three-kinds",
        "https://sciencelantern.com/cmo-cdmo-cro-what-if-any-is-the-difference",
        "CMO, CDMO, CRO: what, if any, is the difference?",
        "Science Lantern",
        "blog; stresses that the three kinds overlap, and sees CDMOs sometimes in discovery",
    ),
    Reference(
        "reddit-cro-cdmo-segments",
        "https://rl.huuu.biz/r/biotechnology/comments/1j47qll/by_what_criteria_do_croscdmos_segment_their",
        "By what criteria do CROs and CDMOs segment their clients?",
        "Reddit, r/biotechnology",
        "mirror of a forum thread; authors not identified; March 2025",
    ),
    Reference(
        "outboundpharma-sourcing",
        "https://www.outboundpharma.com/post/sourcing-cros-and-cdmos-in-the-life-science-industry",
        "A Primer on Sourcing CROs and CDMOs in the Life Sciences Industry",
        "Outbound Pharma",
        "company blog; treats a CMO as manufacturing only",
    ),
    Reference(
        "3biotech-cdmo-partnerships",
        "https://www.3biotech.com/post/introduction-to-cdmo-partnerships",
        "Introduction to CDMO partnerships",
        "3Biotech",
        "company blog",
    ),
    Reference(
        "biocentriq-intangibles",
        "https://biocentriq.com/choosing-a-cdmo-top-10-intangibles-biotech-firms-should-consider/",
        "Choosing a CDMO: Top 10 Intangibles Biotech Firms Should Consider",
        "BioCentriq",
        "provider's blog; its author's company is a CDMO",
    ),
    Reference(
        "glchemtec-choosing-cdmo",
        "https://blog.glchemtec.ca/blog/choosing-the-right-cdmo?hsLang=en",
        "Choosing the right CDMO (interview with a consultant)",
        "GL CHEMTEC",
        "vendor blog; one consultant's view: talk to a CDMO from late lead optimization",
    ),
    Reference(
        "worldpharmatoday-integrated",
        "https://www.worldpharmatoday.com/?p=36435",
        "Article on integrated outsourcing and a single accountable partner",
        "World Pharma Today",
        "trade magazine that sells advertising to providers; title not known",
    ),
    Reference(
        "patheon-integration",
        "https://www.patheon.com/us/en/insights-resources/blog/real-world-appilcation-of-cdmo-cro-integration.html",
        "Beyond the Tufts study: Real-world application of CDMO-CRO integration",
        "Patheon, Thermo Fisher Scientific",
        "provider-funded figures about its own program; 10 February 2026",
    ),
    Reference(
        "medpath-tufts-integration",
        "https://trial.medpath.com/news/cb79ee3f3b9f1b0d/"
        "integrated-cdmo-cro-services-can-reduce-drug-development-timelines-by-nearly-three-years-tufts-study-finds",
        "Integrated CDMO-CRO services can reduce drug development timelines by nearly three years, Tufts study finds",
        "MedPath",
        "news report of a provider-funded study of that provider's own program",
    ),
    Reference(
        "biobriefs-tufts-integration",
        "https://biobriefs.com/thermo-fisher-tufts-link-cdmo",
        "Short report of the Tufts white paper on CDMO and CRO integration",
        "BioBriefs",
        "says that the study was commissioned by Thermo Fisher Scientific",
    ),
    Reference(
        "informa-outsourcing",
        "https://informamarkets.turtl.co/story/the-future-of-outsourcing-strategies-for-partner-selection/page/4",
        "The future of outsourcing: strategies for partner selection",
        "Informa Markets",
        "trade-show publisher; opinions of people in the industry, for both sides",
    ),
    Reference(
        "rootsanalysis-cmo-everywhere",
        "https://www.rootsanalysis.com/blog/"
        "cmo-cmo-everywhere-not-a-single-one-that-fits-the-reality-of-biopharma-contract-manufacturing-market/",
        "CMO, CMO everywhere, not a single one that fits: the reality of the biopharma contract manufacturing market",
        "Roots Analysis",
        "blog of a market-research seller",
    ),
    Reference(
        "scorr-survey",
        "https://www.pharmoutsourcing.com/Specialty/Manufacturing/Featured-Articles/"
        "558829-Survey-Perspectives-of-Pharmaceutical-Outsourcers-and-Contract-Manufacturers/",
        "Survey: Perspectives of Pharmaceutical Outsourcers and Contract Manufacturers",
        "SCORR Marketing and Pharmaceutical Outsourcing",
        "survey of both sides, run by a marketing firm for the industry",
    ),
    Reference(
        "isr-provider-category",
        "https://isrreports.com/free-resources/clinical-manufacturing-volume-by-service-provider-category",
        "Clinical manufacturing volume by service provider category",
        "Industry Standard Research (ISR)",
        "free extract of a paid survey; sample not given in the extract",
    ),
    Reference(
        "isr-size-preference",
        "https://www.pharmaceuticalonline.com/doc/"
        "outsourcing-insights-cmo-preferences-preferred-provider-use-and-improving-relationships-0003",
        "Outsourcing insights: CMO preferences, preferred provider use, and improving relationships",
        "Industry Standard Research (ISR), in Pharmaceutical Online",
        "survey of 2019, 676 answers",
    ),
    Reference(
        "cphi-specialists-and-one-stop",
        "https://www.cphi-online.com/room-for-specialists-and-one-stop-shops-in-cdmo-news114116.html",
        "Room for specialists and one-stop-shops in CDMO space",
        "CPHI Online",
        "news article on one consultant's view; 9 September 2021",
    ),
    Reference(
        "bioprocessonline-cdmo-trends",
        "https://www.bioprocessonline.com/doc/industry-trends-cdmo-outsourcing-0001",
        "Industry trends: CDMO outsourcing",
        "Bioprocess Online",
        "trade magazine",
    ),
    Reference(
        "neuland-dual-sourcing",
        "https://www.neulandlabs.com/en/insights/stories/dual-sourcing-cdmo-partnerships-strategic-framework-resilient-drug-supply",
        "Dual sourcing in CDMO partnerships: a framework for resilient drug supply",
        "Neuland Laboratories",
        "provider's blog; the author's company would be such a source",
    ),
    Reference(
        "pharmasource-dual-sourcing",
        "https://pharmasource.global/content/expert-insight/strategic-dual-sourcing-risk-mitigation-without-complexity",
        "Strategic dual sourcing: risk mitigation without complexity",
        "PharmaSource",
        "expert opinion; advises against a second source before late phase 2",
    ),
    Reference(
        "lifescienceleader-second-source",
        "https://lifescienceleadermag.epubxp.com/i/792774-cmo-2017/20",
        "Article on second sources and exit, CMO 2017 supplement, page 20",
        "Life Science Leader",
        "magazine supplement of 2017; small volumes may interest no second supplier",
    ),
    Reference(
        "cromos-fsp",
        "https://cromospharma.com/full-service-cro-vs-fsp-which-model-is-better/",
        "Full Service CRO vs FSP: Which Model Is Better?",
        "Cromos Pharma",
        "provider's blog; the author's company is a CRO",
    ),
    Reference(
        "clinicalstudies-fsp",
        "https://www.clinicalstudies.in/when-to-choose-fsp-over-full-service-cro-in-clinical-trials",
        "When to Choose FSP Over Full-Service CRO in Clinical Trials",
        "ClinicalStudies.in",
        "training site; dated 21 December 2025",
    ),
    Reference(
        "icon-outsourcing-strategies",
        "https://iconplc.com/insights/blog/2019/04/29/global-outsourcing-strategies",
        "Global outsourcing strategies",
        "ICON plc",
        "provider's blog, a CRO; 29 April 2019",
    ),
    Reference(
        "intuitionlabs-fsp",
        "https://intuitionlabs.ai/articles/fsp-vs-full-service-cro-model",
        "FSP vs. Full-Service: A Guide to CRO Outsourcing Models",
        "IntuitionLabs",
        "vendor article; reports a survey of 2024 at second hand",
    ),
    Reference(
        "qima-key-questions",
        "https://www.chemisttruehealthproducts.com/blog-key-questions-to-ask-when-ordering-cro-services.html",
        "Key questions to ask when ordering CRO services",
        "QIMA Life Sciences",
        "provider's text, read in a reprint on another company's site",
    ),
    Reference(
        "mispro-alternative",
        "https://www.mispro.com/resources/alternative-to-preclinical-contract-research-organizations",
        "Alternative to preclinical contract research organizations",
        "Mispro",
        "sells an alternative to CROs",
    ),
    Reference(
        "clinicaltrials101-make-or-buy",
        "https://www.clinicaltrials101.com/make-vs-buy-strategy-rfp-process-for-clinical-development-operations-year",
        "Make or buy, and the RFP process, for clinical development operations",
        "ClinicalTrials101",
        "training site",
    ),
)

# What sponsors ask, and where it hurts.
_QUESTIONS = (
    Reference(
        "cuttingedge-preclinical-drivers",
        "https://www.cuttingedgeinfo.com/2018/preclinical-activities-strategy/",
        "Why preclinical work is outsourced: workload, missing laboratory, missing staff",
        "Cutting Edge Information",
        "extract of a paid survey, 2018",
    ),
    Reference(
        "davos-cdmo-checklist",
        "https://www.davos.com/post/how-to-vet-a-cdmo-a-due-diligence-checklist-for-first-time-biotechs",
        "How to vet a CDMO: a due diligence checklist for first-time biotechs",
        "Davos",
        "company blog",
    ),
    Reference(
        "clinicalvendorcompare-checklist",
        "https://clinicalvendorcompare.com/insight-evaluate-cro-checklist.html",
        "Checklist for evaluating a CRO",
        "Clinical Vendor Compare",
        "comparison site",
    ),
    Reference(
        "clinicalstudies-cro-checklist",
        "https://www.clinicalstudies.in/tag/cro-evaluation-checklist/feed/",
        "CRO evaluation checklist",
        "ClinicalStudies.in",
        "training site, read in its feed",
    ),
    Reference(
        "yendou-cro-selection",
        "https://yendou.com/idea_cro_selection.html",
        "On selecting a CRO: who runs the study",
        "Yendou",
        "vendor page",
    ),
    Reference(
        "aixbiotech-cdmo-selection",
        "https://aixbiotech.ch/ai-in-cdmo-selection-and-management-how-to-pick-the-right-partner-and-hold-them-accountable/",
        "AI in CDMO selection and management: how to pick the right partner and hold them accountable",
        "AIxBiotech",
        "company blog on AI",
    ),
    Reference(
        "contractpharma-capacity",
        "https://www.contractpharma.com/what-is-your-capacity",
        "What is your capacity?",
        "Contract Pharma",
        "trade magazine",
    ),
    Reference(
        "c3i-selecting-cdmo",
        "https://c3icenter.com/selecting-a-cdmo/",
        "Selecting a CDMO",
        "C3i Center",
        "company page",
    ),
    Reference(
        "upstrong-cro-selection",
        "https://www.up-strong.com/uncategorized/six-hands-on-aspects-to-select-the-right-cro-for-your-upcoming-clinical-trial/",
        "Six hands-on aspects to select the right CRO for your upcoming clinical trial",
        "Up-Strong",
        "company blog",
    ),
    Reference(
        "gmp-publishing-subcontracting",
        "https://www.gmp-publishing.com/content/en/gmp-questionoftheday/"
        "under-what-conditions-may-a-contract-acceptor-subcontract-activities-to-third-parties",
        "Under what conditions may a contract acceptor subcontract activities to third parties?",
        "GMP Publishing",
        "specialist publisher explaining EU GMP chapter 7",
    ),
    Reference(
        "invivolabs-cro-guide",
        "https://www.invivolabs.com/cro-selection-guide",
        "CRO selection guide: systems, data access, security",
        "InVivo Labs",
        "company page",
    ),
    Reference(
        "isr-ai-status",
        "https://isrreports.com/reports/2026-ai-status-clinical-development/",
        "2026 AI status in clinical development",
        "Industry Standard Research (ISR)",
        "page that describes a paid report, 2026",
    ),
    Reference(
        "nice-insight-2015",
        "https://www.lifescienceleader.com/doc/"
        "building-a-successful-cmo-cro-partnership-what-s-important-to-emerging-pharma-and-emerging-biotech-0001",
        "Building a successful CMO or CRO partnership: what is important to emerging pharma and emerging biotech",
        "Nice Insight, in Life Science Leader",
        "survey of emerging companies, 2015",
    ),
    Reference(
        "ropack-three-cs",
        "https://ropack.com/2016/09/02/the-3-cs-you-should-expect-from-your-pharma-cdmo",
        "The 3 Cs you should expect from your pharma CDMO",
        "Ropack",
        "provider's blog reporting a survey, 2 September 2016",
    ),
    Reference(
        "acrp-satisfaction",
        "https://acrpnet.org/2017/09/21/cros-overstate-sponsor-satisfaction-levels/",
        "CROs overstate sponsor satisfaction levels",
        "Association of Clinical Research Professionals (ACRP)",
        "professional body, 21 September 2017",
    ),
    Reference(
        "avoca-2011",
        "https://www.outsourcing-pharma.com/Article/2011/12/08/"
        "Sponsors-and-CROs-differ-on-perception-of-service-quality-says-the-Avoca-Group",
        "Sponsors and CROs differ on perception of service quality, says the Avoca Group",
        "Outsourcing-Pharma",
        "news report of a survey, 8 December 2011",
    ),
    Reference(
        "mastercontrol-vendor-selection",
        "https://www.mastercontrol.com/gxp-lifeline/"
        "need-help-with-vendor-selection-don-t-pick-up-the-phone-until-you-answer-3-simple-questions/",
        "Need help with vendor selection? Don't pick up the phone until you answer 3 simple questions",
        "MasterControl",
        "blog of a seller of quality software",
    ),
)

# Which criteria count, and how much: what surveys found and which weights were published.
_CRITERIA = (
    Reference(
        "isr-cmo-2016",
        "https://lifescienceleadermag.epubxp.com/i/646761-cmo-2016/41",
        "The value of experiential data in making informed CMO selection decisions, CMO 2016 supplement, page 41",
        "Industry Standard Research (ISR), in Life Science Leader",
        "survey, 2016",
    ),
    Reference(
        "isr-cmo-2017",
        "http://lifescienceleadermag.epubxp.com/i/792774/35",
        "CMO selection attributes, CMO 2017 supplement, page 35",
        "Industry Standard Research (ISR), in Life Science Leader",
        "survey, 2017",
    ),
    Reference(
        "isr-drug-product-2017",
        "https://isrreports.com/regulatory-history-reliable-on-time-delivery-beat-cost-capacity/",
        "Regulatory history and reliable on-time delivery beat cost and capacity",
        "Industry Standard Research (ISR)",
        "survey of 2017: 302 respondents, 673 encounters, 70 CMOs",
    ),
    Reference(
        "isr-cdmo-criteria",
        "https://isrreports.com/free-resources/how-well-are-cdmos-performing-on-sponsors-most-important-cdmo-selection-criteria/",
        "How well are CDMOs performing on sponsors' most important CDMO selection criteria?",
        "Industry Standard Research (ISR)",
        "free extract of paid surveys",
    ),
    Reference(
        "isr-cdmo-2022",
        "https://www.lifescienceleader.com/doc/how-industry-benchmarks-can-inform-cdmo-selection-0001",
        "How industry benchmarks can inform CDMO selection",
        "Industry Standard Research (ISR), in Life Science Leader",
        "survey, 2022; the order differs between biologics and small molecules, substance and product",
    ),
    Reference(
        "isr-cro-phase-2-3",
        "https://lifescienceleadermag.epubxp.com/i/672523-cro-guide-2016/27",
        "CRO selection in phases 2 and 3, CRO guide 2016, page 27",
        "Industry Standard Research (ISR), in Life Science Leader",
        "survey, 2016",
    ),
    Reference(
        "isr-cro-rising",
        "https://isrreports.com/free-resources/phase-ii-iii-service-provider-attributes-gaining-in-selection-importance",
        "Phase II/III service provider attributes gaining in selection importance",
        "Industry Standard Research (ISR)",
        "free extract of a paid survey",
    ),
    Reference(
        "nice-insight-2011",
        "https://www.pharmaceuticalonline.com/doc/key-drivers-for-outsourcing-partner-selection-0001",
        "Key Drivers For Outsourcing Partner Selection",
        "Nice Insight, in Life Science Leader",
        "survey of 2011, published 27 January 2012",
    ),
    Reference(
        "nice-insight-2014",
        "https://www.pharmasalmanac.com/articles/"
        "2014-trends-in-strategic-outsourcing-changes-in-the-qualities-that-drive-outsourcing-partner-selection",
        "2014 trends in strategic outsourcing: changes in the qualities that drive outsourcing partner selection",
        "Nice Insight, in Pharma's Almanac",
        "survey, 2014",
    ),
    Reference(
        "bioplan-2011",
        "https://biopharminternational.com/view/survey-examines-trends-outsourcing-relationship",
        "Survey examines trends in the outsourcing relationship",
        "BioPlan Associates, in BioPharm International",
        "survey of 2011, 352 respondents",
    ),
    Reference(
        "bioplan-2012",
        "https://www.outsourcedpharma.com/doc/top-mistakes-made-by-cmos-and-their-clients-0001",
        "Top mistakes made by CMOs and their clients",
        "BioPlan Associates, in Outsourced Pharma",
        "survey, 2012",
    ),
    Reference(
        "bioplan-2014",
        "https://www.pharmaceuticalprocessingworld.com/cmos-most-critical-to-success-factors/",
        "CMOs' most critical-to-success factors",
        "BioPlan Associates, in Pharmaceutical Processing World",
        "survey of 2014, 238 respondents",
    ),
    Reference(
        "usp-ttc-cro-survey",
        "https://appliedclinicaltrialsonline.com/view/key-factors-cro-selection-0",
        "Key factors in CRO selection",
        "Applied Clinical Trials",
        "survey with five dimensions, of which four could be read",
    ),
    Reference(
        "tufts-avoca-2018",
        "https://www.appliedclinicaltrialsonline.com/view/tufts-csdd-study-identifies-opportunities-drug-sponsors-0",
        "Tufts CSDD study identifies opportunities for drug sponsors",
        "Applied Clinical Trials",
        "Tufts CSDD and Avoca, 2018: how long and how often vendors are assessed",
    ),
    Reference(
        "smith-scorecard",
        "https://blog.innovabiotech.com/blog/biotech-outsourcing-best-practices-2026-guide",
        "Biotech outsourcing best practices: 2026 guide",
        "Innova Biotech",
        "vendor blog; reports the CDMO scorecard of Smith Consulting Partners at second hand",
    ),
    Reference(
        "cro-matrix-template",
        "https://www.clinicalstudies.in/creating-a-cro-vendor-selection-matrix",
        "Creating a CRO vendor selection matrix",
        "ClinicalStudies.in",
        "training site; a template, not a measurement",
    ),
    Reference(
        "innova-selection-checklist",
        "https://blog.innovabiotech.com/blog/biotech-vendor-selection-checklist-for-drug-development",
        "Biotech vendor selection checklist for drug development",
        "Innova Biotech",
        "vendor blog; advises fixing the weights before vendors are contacted",
    ),
    Reference(
        "emcee1-cdmo-evaluation",
        "https://www.emcee1.net/post/selecting-a-cdmo-part-three-cdmo-evaluation-and-selection",
        "Selecting a CDMO, part three: CDMO evaluation and selection",
        "Emcee1",
        "company blog; derives criteria from the scope of the request for proposal",
    ),
)

# What regulators ask of a sponsor who hands work over, and what inspectors find.
_DUTIES = (
    Reference(
        "ich-e6-r3-providers",
        "https://user-kvi6h7x.cld.bz/ICH-Harmonised-Guideline-for-Good-Clinical-Practice-E6-R3-Step-4-Final/25",
        "ICH E6(R3) Good Clinical Practice, 3.6 (page 25): what a sponsor owes when it hands activities over",
        "ICH",
        "copy of the final guideline on a page-flip host",
    ),
    Reference(
        "ich-e6-r3-providers-start",
        "https://user-kvi6h7x.cld.bz/ICH-Harmonised-Guideline-for-Good-Clinical-Practice-E6-R3-Step-4-Final/24",
        "ICH E6(R3) Good Clinical Practice, 3.6 (page 24, where the section starts)",
        "ICH",
        "copy of the final guideline on a page-flip host",
    ),
    Reference(
        "gcpr3-agreements",
        "https://gcpr3byacademygcp.nuclino-site.com/3.6%09Agreements-03db4924-203e-4fc4-b388-41ac881b74c6",
        "ICH E6(R3) 3.6, Agreements",
        "Academy GCP",
        "training provider's copy of the guideline text",
    ),
    Reference(
        "ich-e6-r3-essential-records",
        "https://user-kvi6h7x.cld.bz/ICH-Harmonised-Guideline-for-Good-Clinical-Practice-E6-R3-Step-4-Final/63",
        "ICH E6(R3) Good Clinical Practice, appendix C (page 63): essential records",
        "ICH",
        "copy of the final guideline on a page-flip host",
    ),
    Reference(
        "ich-e6-r3-records-table",
        "https://user-kvi6h7x.cld.bz/ICH-Harmonised-Guideline-for-Good-Clinical-Practice-E6-R3-Step-4-Final/68",
        "ICH E6(R3) Good Clinical Practice, appendix C table (page 68): selection and oversight of providers",
        "ICH",
        "copy of the final guideline on a page-flip host",
    ),
    Reference(
        "cfr-312-52",
        "https://webarchive.library.unt.edu/eot2008/20090113152053/http://edocket.access.gpo.gov/cfr_2001/aprqtr/21cfr312.52.htm",
        "21 CFR 312.52, transfer of obligations to a contract research organization",
        "US Code of Federal Regulations",
        "archived text of the 2001 edition; check the current one",
    ),
    Reference(
        "legalclarity-312-52",
        "https://legalclarity.org/21-cfr-312-52-transfer-of-obligations-to-a-cro/",
        "21 CFR 312.52: transfer of obligations to a CRO",
        "LegalClarity",
        "explanation by a publisher, not the regulation",
    ),
    Reference(
        "fda-cp-7348-810",
        "https://investorshangout.com/post/view?id=6318023",
        "FDA Compliance Program 7348.810: sponsors and contract research organizations (extract)",
        "US Food and Drug Administration",
        "extract posted in a forum; the original is https://www.fda.gov/media/75916/download",
    ),
    Reference(
        "readyroom-toro",
        "https://readyroom.net/blog/?p=toro",
        "On forms that transfer regulatory obligations",
        "Ready Room",
        "practice note by a vendor of inspection software",
    ),
    Reference(
        "lachman-q10",
        "https://www.lachmanconsultants.com/2023/01/investigations-and-third-parties-beware/",
        "Investigations and third parties: beware",
        "Lachman Consultants",
        "consultancy note on ICH Q10 2.7, January 2023",
    ),
    Reference(
        "fdanews-q10",
        "http://www.fdanews.com/articles/print/96110-ich-q10-emphasizes-management-responsibility-for-quality-systems",
        "ICH Q10 emphasizes management responsibility for quality systems",
        "FDAnews",
        "news report on ICH Q10",
    ),
    Reference(
        "outsourcing-pharma-q10",
        "https://outsourcing-pharma.com/Article/2009/04/08/FDA-issues-final-guidance-on-ICH-Q10",
        "FDA issues final guidance on ICH Q10",
        "Outsourcing-Pharma",
        "news report, 8 April 2009",
    ),
    Reference(
        "eu-gmp-chapter-7",
        "http://www.gmp-compliance.org/"
        "enews_03320_Finally%20published%3A%20new%20EU%20GMP%20Chapter%207%20on%20Outsourced%20Activities.html",
        "Finally published: new EU GMP chapter 7 on outsourced activities",
        "GMP-Compliance.org",
        "news report; the chapter has been in force since 31 January 2013",
    ),
    Reference(
        "eu-gmp-supplier-selection",
        "http://businessdocbox.com/Logistics/"
        "113685913-Outsourcing-managing-risks-and-opportunities-over-which-you-now-have-less-control.html",
        "Outsourcing: managing risks and opportunities over which you now have less control",
        "Author not known, on BusinessDocBox",
        "copy on a document-sharing site",
    ),
    Reference(
        "legalclarity-quality-agreements",
        "https://legalclarity.org/contract-drug-manufacturing-quality-agreements-fda-rules/",
        "Contract drug manufacturing: quality agreements and FDA rules (21 CFR 211.22)",
        "LegalClarity",
        "explanation by a publisher, not the regulation",
    ),
    Reference(
        "fdagroup-quality-agreements",
        "https://thefdagroup.com/blog/fda-guidance-clarifies-quality-agreement-expectations-for-drugmakers",
        "FDA guidance clarifies quality agreement expectations for drugmakers",
        "The FDA Group",
        "consultancy blog on the FDA guidance of November 2016; not the agency",
    ),
    Reference(
        "agg-quality-agreements",
        "https://www.agg.com/news-insights/publications/"
        "come-on-people-now-everybody-get-together-try-to-love-one-another-fda-issues-final-guidance-on-quality-agreements-12-15-2016/",
        "FDA issues final guidance on quality agreements",
        "Arnall Golden Gregory (AGG)",
        "law firm's note, 15 December 2016",
    ),
    Reference(
        "qarp-oversight",
        "https://theqarp.com/blog_2",
        "Sponsor oversight: EU CTR 536/2014 article 71 and inspection findings",
        "The QARP",
        "blog; cites EMA findings of 2023",
    ),
    Reference(
        "clinicalstudies-missing-files",
        "https://www.clinicalstudies.in/?p=7365",
        "Vendor files that inspectors find missing",
        "ClinicalStudies.in",
        "training site",
    ),
    Reference(
        "clinicalstudies-vendor-metrics",
        "https://www.clinicalstudies.in/tag/vendor-qualification-metrics/feed/",
        "Vendor qualification metrics",
        "ClinicalStudies.in",
        "training site, read in its feed",
    ),
    Reference(
        "clinicaltrials101-vendor-selection",
        "https://www.clinicaltrials101.com/vendor-selection-qualification-for-gxp-clinical-operations-a-compliance-first-playbook-year",
        "Vendor selection and qualification for GxP clinical operations",
        "ClinicalTrials101",
        "training site",
    ),
    Reference(
        "fda-inspection-database",
        "https://www.fda.gov/inspections-compliance-enforcement-and-criminal-investigations/inspection-classification-database",
        "Inspection Classification Database",
        "US Food and Drug Administration",
        "official, updated weekly, not comprehensive; absence from it proves nothing",
    ),
    Reference(
        "fda-inspection-faq",
        "https://www.fda.gov/inspections-compliance-enforcement-and-criminal-investigations/"
        "inspection-references/inspections-database-frequently-asked-questions",
        "Inspections database: frequently asked questions",
        "US Food and Drug Administration",
        "official; says what the database leaves out",
    ),
)

REFERENCES: Mapping[str, Reference] = MappingProxyType(
    {reference.key: reference for reference in (*_GUIDE, *_PARTNER_MODEL, *_QUESTIONS, *_CRITERIA, *_DUTIES)}
)
